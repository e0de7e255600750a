#include <arpa/inet.h>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <netinet/in.h>
#include <sys/syscall.h>
#include <sys/un.h>

#include "tests/daemon/confine/child.h"
#include "tests/support/scratch_folder.h"

namespace remora::confine::testing {
namespace {

using remora::testing::ScratchFolder;

/// The kernel's version of Landlock; 0 where it has none.
long landlock() {
  constexpr unsigned kVersion = 1;
  return std::max(0L, ::syscall(SYS_landlock_create_ruleset, nullptr, 0, kVersion));
}

#define SKIP_WITHOUT_LANDLOCK(abi)                                                               \
  do {                                                                                           \
    SKIP_UNLESS_ROOT();                                                                          \
    if (landlock() < (abi)) { GTEST_SKIP() << "SKIPPED: Landlock " << (abi) << " is not here"; } \
  } while (false)

/// Folders open to everybody: what is closed is closed by Landlock.
struct Folders {
  Folders() {
    for (const auto& folder : {std::filesystem::path{}, std::filesystem::path{"in"},
                               std::filesystem::path{"out"}, std::filesystem::path{"read"}}) {
      std::filesystem::create_directory(scratch.path() / folder);
      std::filesystem::permissions(scratch.path() / folder, std::filesystem::perms::all);
      std::ofstream{scratch.path() / folder / "file"} << "text";
      std::filesystem::permissions(scratch.path() / folder / "file", std::filesystem::perms::all);
    }
  }
  [[nodiscard]] std::string path(const std::string& below) const { return scratch.path() / below; }
  [[nodiscard]] FileRights rights() const {
    return {.read_below = {path("read")}, .write_below = {path("in")}};
  }

  ScratchFolder scratch;
};

void refused(int result, const std::string& what) {
  insist(result < 0 && errno == EACCES, what);
}

TEST(Files, NothingElseCanBeOpened) {
  SKIP_WITHOUT_LANDLOCK(1);
  const Folders folders;
  const auto ended = in_child([&] {
    give_up(Role::kShipper, folders.rights());
    const auto at = [&](const char* below, int how) {
      return ::open(folders.path(below).c_str(), how, 0600);
    };
    insist(at("in/file", O_RDWR | O_TRUNC) >= 0, "writes no file of its own");
    insist(at("in/new", O_RDWR | O_CREAT | O_EXCL) >= 0, "makes no file of its own");
    insist(::rename(folders.path("in/new").c_str(), folders.path("in/newer").c_str()) == 0,
           "renames no file of its own");
    insist(::mkdir(folders.path("in/folder").c_str(), 0700) == 0, "makes no folder of its own");
    insist(::rename(folders.path("in/newer").c_str(), folders.path("in/folder/new").c_str()) == 0,
           "moves no file of its own");
    insist(::unlink(folders.path("in/folder/new").c_str()) == 0, "removes no file of its own");
    insist(at("read/file", O_RDONLY) >= 0, "reads no file that it may");

    refused(at("read/file", O_WRONLY), "writes where it may read");
    refused(at("read/new", O_WRONLY | O_CREAT), "makes a file where it may read");
    refused(::unlink(folders.path("read/file").c_str()), "removes a file where it may read");
    refused(at("out/file", O_RDONLY), "reads elsewhere");
    refused(at("out/new", O_WRONLY | O_CREAT), "makes a file elsewhere");
    refused(at("file", O_RDONLY), "reads above");
    refused(::open("/etc/passwd", O_RDONLY), "reads the users");
    refused(::open("/proc/self/status", O_RDONLY), "reads /proc");
    insist(::rename(folders.path("in/file").c_str(), folders.path("out/new").c_str()) < 0,
           "moves a file out");
    insist(::symlink("/etc/passwd", folders.path("in/link").c_str()) < 0, "makes a link");
    refused(::execl("/bin/true", "true", nullptr), "runs a program");
  });
  EXPECT_EQ(ended.code, 0) << ended;
}

TEST(Files, WhatIsNamedHasToExist) {
  SKIP_WITHOUT_LANDLOCK(1);
  const auto ended = in_child([] {
    insist(harden());
    const auto confined =
        confine_files(Role::kShipper, {.read_below = {"/no/such"}, .write_below = {}});
    insist(!confined && confined.error().find("/no/such") != std::string::npos, "says nothing");
  });
  EXPECT_EQ(ended.code, 0) << ended;
}

TEST(Files, SingleFilesAreGrantedToo) {
  SKIP_WITHOUT_LANDLOCK(1);
  const Folders folders;
  const auto ended = in_child([&] {
    give_up(Role::kSupervisor, {.read_below = {folders.path("read/file"), "/dev/null"},
                                .write_below = {folders.path("in/file")}});
    insist(::open(folders.path("in/file").c_str(), O_RDWR) >= 0, "writes not");
    insist(::open(folders.path("read/file").c_str(), O_RDONLY) >= 0, "reads not");
    refused(::open(folders.path("read/file").c_str(), O_RDWR), "writes");
  });
  EXPECT_EQ(ended.code, 0) << ended;
}

/// A listener on loopback, and its address.
sockaddr_in listen_on_loopback(int& listener) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto* any = static_cast<sockaddr*>(static_cast<void*>(&address));
  insist(::bind(listener, any, size) == 0 && ::listen(listener, 1) == 0 &&
             ::getsockname(listener, any, &size) == 0,
         "does not listen");
  return address;
}

int connect_to(const sockaddr_in& address) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  return ::connect(socket, static_cast<const sockaddr*>(static_cast<const void*>(&address)),
                   sizeof(address));
}

TEST(Files, TcpIsOutOfTheSensorsReachAndInTheShippers) {
  SKIP_WITHOUT_LANDLOCK(4);
  for (const auto role : {Role::kSensor, Role::kShipper}) {
    const auto ended = in_child([&] {
      int listener = -1;
      const auto address = listen_on_loopback(listener);
      give_up(role);
      if (role == Role::kShipper) {
        insist(connect_to(address) == 0, "the shipper does not reach");
      } else {
        refused(connect_to(address), "the sensor reaches");
      }
    });
    EXPECT_EQ(ended.code, 0) << ended;
  }
}

TEST(Files, OtherProcessesAreOutOfReach) {
  SKIP_WITHOUT_LANDLOCK(6);
  for (const auto role : {Role::kSensor, Role::kShipper}) {
    const auto ended = in_child([&] {
      insist(become(kUser, Keep::kNothing));
      sockaddr_un name{.sun_family = AF_UNIX, .sun_path = {}};
      const auto text = "remora-confine-" + std::to_string(::getpid());
      text.copy(&name.sun_path[1], text.size());
      const auto* any = static_cast<const sockaddr*>(static_cast<const void*>(&name));
      const int bound = ::socket(AF_UNIX, SOCK_DGRAM, 0);
      insist(::bind(bound, any, sizeof(name)) == 0, "does not bind");
      const auto inner = in_child([&] {
        insist(harden());
        insist(confine_files(role, {}));
        const int socket = ::socket(AF_UNIX, SOCK_DGRAM, 0);
        insist(::connect(socket, any, sizeof(name)) < 0 && errno == EPERM, "connects");
        insist(::kill(::getppid(), SIGTERM) < 0 && errno == EPERM, "signals");
      });
      insist(inner.code == 0, inner.said);
    });
    EXPECT_EQ(ended.code, 0) << ended;
  }
}

}  // namespace
}  // namespace remora::confine::testing
