#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <net/if.h>
#include <netpacket/packet.h>
#include <sched.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "tests/capture/live/waiting.h"

namespace remora::testing {

/// A frame's bytes as text, from the hexadecimal digits between spaces.
inline std::string bytes_of(std::string_view hex) {
  std::string bytes;
  std::string digits;
  for (const char c : hex) {
    if (c == ' ') { continue; }
    digits += c;
    if (digits.size() == 2) {
      bytes += static_cast<char>(std::stoi(digits, nullptr, 16));
      digits.clear();
    }
  }
  return bytes;
}

/// An Ethernet frame of a type that nothing else uses (88b5: IEEE 802, local experiments).
inline std::string made_frame(const std::string& content, std::size_t size = 60) {
  auto frame = bytes_of("02 00 00 00 00 01  02 00 00 00 00 02  88 b5") + content;
  if (frame.size() < size) { frame.resize(size, '\0'); }
  return frame;
}

inline bool is_made(std::string_view frame) {
  return frame.size() >= 14 && frame.substr(12, 2) == "\x88\xb5";
}

/// `ip` of iproute2, in the test's network.
inline bool ip(const std::string& words) {
  return std::system(("ip " + words).c_str()) == 0;  // NOLINT(cert-env33-c): the test's own words
}

/// What `ip` says.
inline std::string ip_says(const std::string& words) {
  // NOLINTNEXTLINE(cert-env33-c): likewise
  const std::unique_ptr<FILE, int (*)(FILE*)> output{::popen(("ip " + words).c_str(), "r"),
                                                     &::pclose};
  std::string text;
  std::array<char, 4096> buffer{};
  while (std::fgets(buffer.data(), buffer.size(), output.get()) != nullptr) {
    text += buffer.data();
  }
  return text;
}

/// Up, and what is sent on it arrives: the kernel takes a moment after `ip link set up`, and throws
/// away without a word what is sent meanwhile.
inline bool carries(const std::string& interface) {
  return until(
      [&] { return ip_says("link show dev " + interface).find("state UP") != std::string::npos; });
}

/// Sends whole frames on an interface.
class FrameSender {
 public:
  explicit FrameSender(const std::string& interface)
      : socket_{::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0)} {
    sockaddr_ll to{};
    to.sll_family = AF_PACKET;
    to.sll_ifindex = static_cast<int>(::if_nametoindex(interface.c_str()));
    const auto* generic = static_cast<const sockaddr*>(static_cast<const void*>(&to));
    EXPECT_EQ(::bind(socket_, generic, sizeof to), 0) << interface;
  }
  FrameSender(const FrameSender&) = delete;
  FrameSender& operator=(const FrameSender&) = delete;
  FrameSender(FrameSender&&) = delete;
  FrameSender& operator=(FrameSender&&) = delete;
  ~FrameSender() { ::close(socket_); }

  [[nodiscard]] bool send(std::string_view frame) const {
    return ::send(socket_, frame.data(), frame.size(), 0) == static_cast<ssize_t>(frame.size());
  }

 private:
  int socket_;
};

/// A network of the test's own, the process's first time that it is asked for. False where that is
/// not allowed.
inline bool have_own_network() {
  static const bool made = [] {
    if (::geteuid() != 0 || ::unshare(CLONE_NEWNET) != 0) { return false; }
    // So that nothing but the test speaks.
    std::ofstream{"/proc/sys/net/ipv6/conf/default/disable_ipv6"} << "1";
    return ip("link show lo >/dev/null");
  }();
  return made;
}

/// Tests that make interfaces. Each takes away what it made.
class OwnNetwork : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!have_own_network()) {
      GTEST_SKIP() << "needs root, a network namespace and iproute2 to make interfaces";
    }
  }
  void TearDown() override {
    if (!have_own_network()) { return; }
    for (const auto* name : {"tap0", "tap1", "tap2", "tap3", "tap9"}) {
      if (::if_nametoindex(name) != 0) { EXPECT_TRUE(ip(std::string{"link del "} + name)); }
    }
  }

  /// Two ends of a cable, both up.
  static void make_pair(const std::string& one, const std::string& other) {
    ASSERT_TRUE(ip("link add name " + one + " type veth peer name " + other));
    ASSERT_TRUE(ip("link set " + one + " up") && ip("link set " + other + " up"));
    ASSERT_TRUE(carries(one) && carries(other));
  }
};

}  // namespace remora::testing
