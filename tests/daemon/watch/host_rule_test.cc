#include "daemon/watch/host_rule.h"

#include <gtest/gtest.h>

namespace remora::watch {
namespace {

namespace ip = boost::asio::ip;

bool own(std::string_view host, std::string_view configured = "127.0.0.1",
         const char* local = "127.0.0.1") {
  return is_own_host(host, configured, ip::make_address(local));
}

TEST(HostRule, KnowsTheLoopbackByAllItsNames) {
  for (const auto* host :
       {"localhost", "localhost:8389", "LocalHost:1", "127.0.0.1", "127.0.0.1:8389", "127.9.8.7:80",
        "[::1]", "[::1]:8389", "[::ffff:127.0.0.1]:8389"}) {
    EXPECT_TRUE(own(host)) << host;
  }
}

TEST(HostRule, KnowsNoOtherName) {
  for (const auto* host :
       {"", "evil.example", "evil.example:8389", "localhost.evil.example", "127.0.0.1.evil.example",
        "evil.example@localhost", "10.0.0.1", "0.0.0.0", "[::]", "::1", "127.1", "0x7f.0.0.1",
        "2130706433", "[::ffff:10.0.0.1]", "localhost:80:80", "localhost:x", "local host",
        "localhost, evil.example"}) {
    EXPECT_FALSE(own(host)) << host;
  }
}

TEST(HostRule, KnowsTheHostOfTheConfiguration) {
  EXPECT_TRUE(own("Sensor.Example:8389", "sensor.example", "192.0.2.1"));
  EXPECT_FALSE(own("other.example:8389", "sensor.example", "192.0.2.1"));
}

TEST(HostRule, KnowsTheAddressThatWasCalled) {
  EXPECT_TRUE(own("192.0.2.1:8389", "0.0.0.0", "192.0.2.1"));
  EXPECT_TRUE(own("192.0.2.1:8389", "::", "::ffff:192.0.2.1"));
  EXPECT_TRUE(own("[2001:db8::1]:8389", "::", "2001:db8::1"));
  EXPECT_FALSE(own("192.0.2.2:8389", "0.0.0.0", "192.0.2.1"));
}

TEST(HostRule, TellsTheLoopbackFromWhatOthersReach) {
  for (const auto* address : {"127.0.0.1", "127.255.0.1", "::1", "::ffff:127.0.0.1"}) {
    EXPECT_TRUE(is_loopback(ip::make_address(address))) << address;
  }
  for (const auto* address : {"0.0.0.0", "::", "192.0.2.1", "::ffff:192.0.2.1", "2001:db8::1"}) {
    EXPECT_FALSE(is_loopback(ip::make_address(address))) << address;
  }
}

}  // namespace
}  // namespace remora::watch
