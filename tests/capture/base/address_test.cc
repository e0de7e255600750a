#include "capture/base/address.h"

#include <array>
#include <string>

#include <gtest/gtest.h>

#include "capture/base/flow_key.h"

namespace remora {
namespace {

IpAddress ip(std::string_view text) {
  return IpAddress::parse(text).value();
}

TEST(IpAddress, ReadsAndWritesBothVersions) {
  for (const auto* text : {"0.0.0.0", "10.0.0.1", "255.255.255.255", "::", "::1", "2001:db8::1",
                           "2001:db8:0:1:1:1:1:1", "fe80::5efe:c0a8:1", "::ffff:10.0.0.1"}) {
    EXPECT_EQ(ip(text).to_text(), text);
  }
}

TEST(IpAddress, RefusesWhatIsNoAddress) {
  using namespace std::string_view_literals;
  for (const auto text : {""sv, "10.0.0"sv, "10.0.0.256"sv, "10.0.0.1 "sv, "host"sv, "1::2::3"sv,
                          "fe80::1%eth0"sv, "10.0.0.1\0x"sv}) {
    EXPECT_FALSE(IpAddress::parse(text).has_value()) << text;
  }
}

TEST(IpAddress, KnowsItsVersionAndSize) {
  EXPECT_TRUE(ip("10.0.0.1").is_v4());
  EXPECT_EQ(ip("10.0.0.1").bytes().size(), 4U);
  EXPECT_FALSE(ip("::ffff:10.0.0.1").is_v4());
  EXPECT_EQ(ip("::1").bytes().size(), 16U);
  EXPECT_NE(ip("::"), ip("0.0.0.0"));
}

TEST(IpAddress, OrdersByVersionThenByBytes) {
  EXPECT_LT(ip("9.255.0.0"), ip("10.0.0.0"));
  EXPECT_LT(ip("255.255.255.255"), ip("::"));
  EXPECT_LT(ip("fe80::1"), ip("fe80::2"));
}

TEST(MacAddress, IsWrittenInLowerCaseWithColons) {
  constexpr MacAddress kMac{{std::byte{0}, std::byte{0x0c}, std::byte{0x29}, std::byte{0x12},
                             std::byte{0xab}, std::byte{0xff}}};
  EXPECT_EQ(kMac.to_text(), "00:0c:29:12:ab:ff");
}

TEST(SocketAddress, PutsIpv6InBrackets) {
  EXPECT_EQ((SocketAddress{ip("10.0.0.1"), Port{3389}}).to_text(), "10.0.0.1:3389");
  EXPECT_EQ((SocketAddress{ip("2001:db8::1"), Port{443}}).to_text(), "[2001:db8::1]:443");
}

TEST(FlowKey, IsTheSameWhoeverSends) {
  const SocketAddress client{ip("10.0.0.1"), Port{50000}};
  const SocketAddress server{ip("10.0.0.2"), Port{3389}};
  EXPECT_EQ(FlowKey::of(client, server, Transport::kTcp),
            FlowKey::of(server, client, Transport::kTcp));
  EXPECT_NE(FlowKey::of(client, server, Transport::kTcp),
            FlowKey::of(client, server, Transport::kUdp));
}

TEST(FlowKey, OrdersPortsOfOneAddress) {
  const SocketAddress low{ip("127.0.0.1"), Port{3389}};
  const SocketAddress high{ip("127.0.0.1"), Port{50000}};
  const auto key = FlowKey::of(high, low, Transport::kTcp);
  EXPECT_EQ(key.low, low);
  EXPECT_EQ(key.high, high);
}

}  // namespace
}  // namespace remora
