#include "daemon/confine/user.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "daemon/confine/single_thread.h"

namespace remora::confine {
namespace {

tl::unexpected<std::string> failure(const std::string& user, const char* what, int error) {
  return tl::unexpected{"user " + user + ": " + what + ": " + std::strerror(error) +
                        "; start as root, or as that user"};
}

}  // namespace

bool is_root() {
  return ::getuid() == 0 || ::geteuid() == 0;
}

tl::expected<void, std::string> become(const std::string& user, Keep keep) {
  if (auto alone = require_single_thread("user"); !alone) { return alone; }
  constexpr std::size_t kTexts = 16384;  // of one line of the user database, what sysconf suggests
  std::array<char, kTexts> texts{};
  passwd entry{};
  passwd* found = nullptr;
  const int error = ::getpwnam_r(user.c_str(), &entry, texts.data(), texts.size(), &found);
  if (error != 0) { return failure(user, "cannot be looked up", error); }
  if (found == nullptr) {
    return tl::unexpected{"user " + user + ": does not exist; make it, or name another"};
  }
  if (entry.pw_uid == 0 || entry.pw_gid == 0) {
    return tl::unexpected{"user " + user + ": has the rights of root; name an unprivileged one"};
  }
  if (::initgroups(entry.pw_name, entry.pw_gid) != 0) {
    return failure(user, "its groups cannot be taken on", errno);
  }
  if (::setresgid(entry.pw_gid, entry.pw_gid, entry.pw_gid) != 0) {
    return failure(user, "its group cannot be taken on", errno);
  }
  // capabilities(7): permitted capabilities outlive the change from user 0 only where this is set.
  if (::prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) != 0 ||
      ::setresuid(entry.pw_uid, entry.pw_uid, entry.pw_uid) != 0) {
    return failure(user, "cannot be taken on", errno);
  }
  auto dropped = drop_capabilities(keep);
  (void)::prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0);
  return dropped;
}

}  // namespace remora::confine
