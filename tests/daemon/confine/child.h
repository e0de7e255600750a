#pragma once

#include <array>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "daemon/confine/calls.h"
#include "daemon/confine/files.h"
#include "daemon/confine/packet_sockets.h"
#include "daemon/confine/process.h"
#include "daemon/confine/user.h"

// ThreadSanitizer runs a thread from the start. AddressSanitizer makes calls of its own about
// threads and at the end.
#if defined(__SANITIZE_THREAD__)
#define REMORA_CONFINABLE 0
#else
#define REMORA_CONFINABLE 1
#endif
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
#define REMORA_SANITIZED 1
#else
#define REMORA_SANITIZED 0
#endif

#define SKIP_UNLESS_ROOT()                                                                \
  do {                                                                                    \
    if (REMORA_CONFINABLE == 0) { GTEST_SKIP() << "SKIPPED: confinement, with threads"; } \
    if (::geteuid() != 0) { GTEST_SKIP() << "SKIPPED: confinement, needs root"; }         \
  } while (false)

#define SKIP_UNDER_SANITIZERS()                                                              \
  do {                                                                                       \
    if (REMORA_SANITIZED != 0) { GTEST_SKIP() << "SKIPPED: confinement, with a sanitizer"; } \
  } while (false)

namespace remora::confine::testing {

constexpr const char* kUser = "nobody";

/// How a child ended, and what it said.
struct Ended {
  int code = -1;   // or
  int signal = 0;  // that killed it
  bool core = false;
  std::string said;
};

inline std::ostream& operator<<(std::ostream& out, const Ended& ended) {
  return out << "code " << ended.code << ", signal " << ended.signal << ", said: " << ended.said;
}

/// In a child: says what is wrong and ends it.
inline void insist(bool holds, const std::string& what) {
  if (holds) { return; }
  const auto line = what + " (" + std::to_string(errno) + ")\n";
  const auto written = ::write(STDERR_FILENO, line.data(), line.size());
  (void)written;
  ::_exit(1);
}

template <typename Expected>
void insist(const Expected& result) {
  if (!result) { insist(false, result.error()); }
}

/// Runs `work` in a child that ends with 0 after it, and within half a minute. `meanwhile` runs
/// here.
inline Ended in_child(const std::function<void()>& work,
                      const std::function<void(pid_t)>& meanwhile = {}) {
  std::array<int, 2> said{};
  if (::pipe(said.data()) != 0) { return {}; }
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(30);
    ::dup2(said[1], STDERR_FILENO);
    ::close(said[0]);
    ::close(said[1]);
    work();
    ::_exit(0);
  }
  ::close(said[1]);
  if (meanwhile) { meanwhile(child); }
  Ended ended;
  std::array<char, 512> piece{};
  for (ssize_t size = 0; (size = ::read(said[0], piece.data(), piece.size())) > 0;) {
    ended.said.append(piece.data(), static_cast<std::size_t>(size));
  }
  ::close(said[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (WIFEXITED(status)) { ended.code = WEXITSTATUS(status); }
  if (WIFSIGNALED(status)) {
    ended.signal = WTERMSIG(status);
    ended.core = WCOREDUMP(status);
  }
  return ended;
}

/// Answers the sensor at the other end of `channel` until it ends.
inline void supervise(int channel) {
  auto sockets = PacketSockets::receive(channel);
  if (!sockets) { return; }
  for (;;) {
    pollfd waiting{.fd = sockets->descriptor(), .events = POLLIN, .revents = 0};
    ::poll(&waiting, 1, 30'000);
    if (sockets->answer() == PacketSockets::Answered::kSensorHasEnded) { return; }
  }
}

/// In a child of root: gives up what this role does, but for the list of calls.
inline void give_up(Role role, const FileRights& rights = {}) {
  insist(become(kUser, role == Role::kSupervisor ? Keep::kPacketSockets : Keep::kNothing));
  insist(harden());
  insist(confine_files(role, rights));
}

inline Ended in_sensor(const std::function<void()>& work) {
  std::array<int, 2> channel{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel.data()) != 0) { return {}; }
  return in_child(
      [&] {
        ::close(channel[0]);
        give_up(Role::kSensor);
        insist(confine_calls_of_sensor(channel[1]));
        work();
      },
      [&](pid_t) {
        ::close(channel[1]);
        supervise(channel[0]);
        ::close(channel[0]);
      });
}

inline Ended in_shipper(const std::function<void()>& work, FileRights rights = {}) {
  return in_child([&] {
    for (auto& path : system_files()) { rights.read_below.push_back(std::move(path)); }
    give_up(Role::kShipper, rights);
    insist(confine_calls_of_shipper());
    work();
  });
}

inline Ended in_supervisor(const std::function<void()>& work) {
  return in_child([&] {
    give_up(Role::kSupervisor);
    insist(confine_calls_of_supervisor({}));
    work();
  });
}

}  // namespace remora::confine::testing
