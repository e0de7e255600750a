#include <array>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <string>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <thread>

#include "tests/daemon/confine/child.h"

namespace remora::confine::testing {
namespace {

using ::testing::Test;

/// A line of /proc/self/status, by the name before its colon, from a descriptor that may have been
/// opened before.
std::string status_line(int status, const std::string& name) {
  std::array<char, 8192> text{};
  insist(::lseek(status, 0, SEEK_SET) == 0, "status cannot be read again");
  const auto size = ::read(status, text.data(), text.size());
  insist(size > 0, "status cannot be read");
  const std::string all{text.data(), static_cast<std::size_t>(size)};
  const auto start = all.find("\n" + name + ":");
  insist(start != std::string::npos, name + " is not there");
  const auto value = all.find_first_not_of(" \t", start + name.size() + 2);
  return all.substr(value, all.find('\n', value) - value);
}

void insist_line(int status, const std::string& name, const std::string& value) {
  const auto found = status_line(status, name);
  insist(found == value, name + " is " + found + ", not " + value);
}

int open_status() {
  const int status = ::open("/proc/self/status", O_RDONLY | O_CLOEXEC);
  insist(status >= 0, "status cannot be opened");
  return status;
}

constexpr const char* kNone = "0000000000000000";
constexpr const char* kNetRaw = "0000000000002000";  // bit 13, linux/capability.h

void insist_nothing_left(int status, const char* kept = kNone) {
  const auto* user = ::getpwnam(kUser);
  const auto id = std::to_string(user->pw_uid);
  const auto group = std::to_string(user->pw_gid);
  insist_line(status, "Uid", id + "\t" + id + "\t" + id + "\t" + id);
  insist_line(status, "Gid", group + "\t" + group + "\t" + group + "\t" + group);
  insist_line(status, "CapEff", kept);
  insist_line(status, "CapPrm", kept);
  for (const auto* set : {"CapInh", "CapBnd", "CapAmb"}) { insist_line(status, set, kNone); }
}

TEST(User, BecomesAnotherWithoutAnyCapability) {
  SKIP_UNLESS_ROOT();
  const auto ended = in_child([] {
    insist(is_root(), "is not root before");
    insist(become(kUser, Keep::kNothing));
    insist(!is_root(), "is root after");
    insist_nothing_left(open_status());
    insist(::setresuid(0, 0, 0) != 0 && ::setuid(0) != 0, "is root again");
    insist(::socket(AF_PACKET, SOCK_RAW, 0) < 0 && errno == EPERM, "makes a packet socket");
    insist(::open("/etc/shadow", O_RDONLY) < 0, "reads what is root's");
  });
  EXPECT_EQ(ended.code, 0) << ended;
}

TEST(User, KeepsPacketSocketsWhereAskedTo) {
  SKIP_UNLESS_ROOT();
  const auto ended = in_child([] {
    insist(become(kUser, Keep::kPacketSockets));
    insist_nothing_left(open_status(), kNetRaw);
    insist(::socket(AF_PACKET, SOCK_RAW, 0) >= 0, "makes no packet socket");
    insist(::setuid(0) != 0, "is root again");
    insist(drop_capabilities(Keep::kNothing));
    insist_nothing_left(open_status());
    insist(::socket(AF_PACKET, SOCK_RAW, 0) < 0, "makes a packet socket still");
  });
  EXPECT_EQ(ended.code, 0) << ended;
}

TEST(User, ProgramsThatItRunsHaveNoCapability) {
  SKIP_UNLESS_ROOT();
  const auto ended = in_child([] {
    insist(become(kUser, Keep::kPacketSockets));
    insist(harden());
    ::execl("/bin/grep", "grep", "-q", "^CapPrm:.*0000000000000000$", "/proc/self/status", nullptr);
    insist(false, "grep does not run");
  });
  EXPECT_EQ(ended.code, 0) << ended;
}

TEST(User, RefusesWhoIsNotThereAndWhoIsRoot) {
  SKIP_UNLESS_ROOT();
  const auto ended = in_child([] {
    insist(!become("remora-nobody-of-that-name", Keep::kNothing), "becomes nobody");
    insist(!become("root", Keep::kNothing), "becomes root");
    insist(become(kUser, Keep::kNothing));
    insist(!become("daemon", Keep::kNothing), "becomes another without being root");
  });
  EXPECT_EQ(ended.code, 0) << ended;
}

TEST(User, SaysHowToGetPacketSockets) {
  SKIP_UNLESS_ROOT();
  const auto ended = in_child([] {
    insist(become(kUser, Keep::kNothing));
    const auto kept = drop_capabilities(Keep::kPacketSockets);
    insist(!kept && kept.error().find("AmbientCapabilities=CAP_NET_RAW") != std::string::npos,
           "does not say");
  });
  EXPECT_EQ(ended.code, 0) << ended;
}

TEST(User, IsNotGivenUpByOneThreadOfMany) {
  SKIP_UNLESS_ROOT();
  const auto ended = in_child([] {
    const std::thread other{[] { ::pause(); }};
    insist(!become(kUser, Keep::kNothing), "user");
    insist(!drop_capabilities(Keep::kNothing), "capabilities");
    insist(harden());
    insist(!confine_files(Role::kShipper, {}), "files");
    insist(!confine_calls_of_shipper(), "calls");
    ::_exit(0);
  });
  EXPECT_EQ(ended.code, 0) << ended;
}

TEST(Process, LeavesNoCoreAndGetsNoNewPrivileges) {
  SKIP_UNLESS_ROOT();
  const auto ended = in_child([] {
    const rlimit much{.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
    ::setrlimit(RLIMIT_CORE, &much);
    insist(become(kUser, Keep::kNothing));
    insist(harden());
    insist_line(open_status(), "NoNewPrivs", "1");
    insist(::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0, "is dumpable");
    insist(::umask(0) == 077, "makes files for others");
    rlimit core{};
    ::getrlimit(RLIMIT_CORE, &core);
    insist(core.rlim_cur == 0 && core.rlim_max == 0, "dumps");
    ::abort();
  });
  EXPECT_EQ(ended.signal, SIGABRT) << ended;
  EXPECT_FALSE(ended.core);
}

TEST(Process, MemoryIsClosedToOthersOfTheSameUser) {
  SKIP_UNLESS_ROOT();
  const auto ended = in_child([] {
    insist(become(kUser, Keep::kNothing));
    insist(harden());
    const auto other = in_child([parent = ::getpid()] {
      insist(::open(("/proc/" + std::to_string(parent) + "/mem").c_str(), O_RDONLY) < 0, "is read");
    });
    insist(other.code == 0, other.said);
  });
  EXPECT_EQ(ended.code, 0) << ended;
}

TEST(Sensor, HasNothingLeft) {
  SKIP_UNLESS_ROOT();
  int status = -1;  // of the child itself: opened there before
  std::array<int, 2> channel{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, channel.data()), 0);
  const auto ended = in_child(
      [&] {
        ::close(channel[0]);
        (void)::getpwnam(kUser);
        status = open_status();
        give_up(Role::kSensor);
        insist(confine_calls_of_sensor(channel[1]));
        for (const auto* set : {"CapEff", "CapPrm", "CapInh", "CapBnd", "CapAmb"}) {
          insist_line(status, set, kNone);
        }
        insist_line(status, "NoNewPrivs", "1");
        insist_line(status, "Seccomp", "2");
      },
      [&](pid_t) {
        ::close(channel[1]);
        supervise(channel[0]);
      });
  ::close(channel[0]);
  EXPECT_EQ(ended.code, 0) << ended;
}

}  // namespace
}  // namespace remora::confine::testing
