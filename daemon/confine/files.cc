#include "daemon/confine/files.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <initializer_list>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "daemon/confine/single_thread.h"
#include "daemon/processes/descriptor.h"

namespace remora::confine {
namespace {

using processes::Descriptor;

// linux/landlock.h of Debian 12 knows ABI 2. From Documentation/userspace-api/landlock.rst, with
// the ABI that each came with. The kernel takes a longer structure than it knows where the rest is
// zero.
struct RulesetAttributes {
  std::uint64_t handled_access_fs = 0;
  std::uint64_t handled_access_net = 0;  // ABI 4
  std::uint64_t scoped = 0;              // ABI 6
};
constexpr std::uint64_t kTruncate = 1U << 14U;     // ABI 3
constexpr std::uint64_t kIoctlDevice = 1U << 15U;  // ABI 5
constexpr std::uint64_t kBindTcp = 1U << 0U;
constexpr std::uint64_t kConnectTcp = 1U << 1U;
constexpr std::uint64_t kScopeAbstractSockets = 1U << 0U;
constexpr std::uint64_t kScopeSignals = 1U << 1U;

constexpr std::uint64_t kEverythingOfAbi1 = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1U) - 1;

constexpr std::uint64_t kRead = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t kWrite = kRead | LANDLOCK_ACCESS_FS_WRITE_FILE | kTruncate |
                                 LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_DIR |
                                 LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                                 LANDLOCK_ACCESS_FS_REFER;
// A rule for a file may grant no right that only folders have.
constexpr std::uint64_t kOfFiles =
    LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | kTruncate;

RulesetAttributes attributes_for(Role role, long abi) {
  RulesetAttributes all{.handled_access_fs = kEverythingOfAbi1};
  if (abi >= 2) { all.handled_access_fs |= LANDLOCK_ACCESS_FS_REFER; }
  if (abi >= 3) { all.handled_access_fs |= kTruncate; }
  if (abi >= 4 && role == Role::kSensor) { all.handled_access_net = kBindTcp | kConnectTcp; }
  if (abi >= 5) { all.handled_access_fs |= kIoctlDevice; }
  // The supervisor signals its children, which have domains of their own, and the service manager
  // may listen on an abstract socket (NOTIFY_SOCKET of sd_notify(3)).
  if (abi >= 6 && role != Role::kSupervisor) { all.scoped = kScopeAbstractSockets | kScopeSignals; }
  return all;
}

std::string failure(const std::string& what, int error) {
  return what + ": cannot be made reachable: " + std::strerror(error) +
         "; check that it exists and that the daemon's user may open it";
}

/// Empty, or what went wrong.
std::string grant(const Descriptor& ruleset, const std::string& path, std::uint64_t access) {
  const Descriptor opened{::open(path.c_str(), O_PATH | O_CLOEXEC)};
  struct stat facts {};
  if (opened.number() < 0 || ::fstat(opened.number(), &facts) != 0) { return failure(path, errno); }
  if (!S_ISDIR(facts.st_mode)) { access &= kOfFiles; }
  const landlock_path_beneath_attr rule{.allowed_access = access, .parent_fd = opened.number()};
  if (::syscall(SYS_landlock_add_rule, ruleset.number(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0) !=
      0) {
    return failure(path, errno);
  }
  return {};
}

}  // namespace

tl::expected<Landlocked, std::string> confine_files(Role role, const FileRights& rights) {
  if (auto alone = require_single_thread("files"); !alone) {
    return tl::unexpected{std::move(alone.error())};
  }
  const long abi =
      ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (abi < 1) { return Landlocked::kNotAvailable; }
  const auto attributes = attributes_for(role, abi);
  const Descriptor ruleset{
      static_cast<int>(::syscall(SYS_landlock_create_ruleset, &attributes, sizeof(attributes), 0))};
  if (ruleset.number() < 0) {
    return tl::unexpected{std::string{"Landlock: refuses its rules: "} + std::strerror(errno) +
                          "; please report it with the kernel's version"};
  }
  for (const auto& path : rights.read_below) {
    auto problem = grant(ruleset, path, kRead & attributes.handled_access_fs);
    if (!problem.empty()) { return tl::unexpected{std::move(problem)}; }
  }
  for (const auto& path : rights.write_below) {
    auto problem = grant(ruleset, path, kWrite & attributes.handled_access_fs);
    if (!problem.empty()) { return tl::unexpected{std::move(problem)}; }
  }
  if (::syscall(SYS_landlock_restrict_self, ruleset.number(), 0) != 0) {
    return tl::unexpected{std::string{"Landlock: does not bind this process: "} +
                          std::strerror(errno) +
                          "; it wants no new privileges, and 16 layers of rules at most"};
  }
  return Landlocked::kYes;
}

std::vector<std::string> system_files() {
  std::vector<std::string> found;
  for (const char* path : {"/etc/resolv.conf",
                           "/etc/hosts",
                           "/etc/nsswitch.conf",
                           "/etc/host.conf",
                           "/etc/gai.conf",
                           "/etc/services",
                           "/etc/protocols",
                           "/etc/passwd",
                           "/etc/group",
                           "/etc/localtime",
                           "/etc/ld.so.cache",
                           "/etc/ssl",
                           "/etc/pki",
                           "/etc/ca-certificates",
                           "/etc/sasl2",
                           "/etc/krb5.conf",
                           "/lib",
                           "/lib64",
                           "/usr/lib",
                           "/usr/lib64",
                           "/usr/share",
                           "/run/systemd/resolve",
                           "/run/resolvconf",
                           "/run/NetworkManager",
                           "/run/nscd",
                           "/dev/null",
                           "/dev/urandom",
                           "/sys/devices/system/cpu"}) {
    if (::access(path, F_OK) == 0) { found.emplace_back(path); }
  }
  return found;
}

}  // namespace remora::confine
