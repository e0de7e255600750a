#include "capture/link/cooked.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/damage.h"
#include "tests/support/hex.h"

namespace remora::capture {
namespace {

using ::testing::ElementsAre;
using testing::hex;

constexpr const char* kV1 =
    "0000"               // packet type: to us
    "0001"               // ARPHRD_ETHER
    "0006"               // address length
    "000c29123456 0000"  // address
    "0800"               // protocol: IPv4
    "4500";              // payload

constexpr const char* kV2 =
    "86dd"               // protocol: IPv6
    "0000"               // reserved
    "00000003"           // interface
    "0001"               // ARPHRD_ETHER
    "04"                 // packet type: from us
    "06"                 // address length
    "000c29123456 0000"  // address
    "6000";              // payload

TEST(CookedV1, NamesProtocolSenderAndPayload) {
  const auto frame = hex(kV1);
  const auto link = read_cooked_v1(frame);
  ASSERT_TRUE(link.has_value());
  EXPECT_EQ(link->protocol, NetworkProtocol::kIpv4);
  EXPECT_EQ(link->source->to_text(), "00:0c:29:12:34:56");
  EXPECT_FALSE(link->destination.has_value());
  EXPECT_TRUE(std::ranges::equal(link->payload, hex("4500")));
}

TEST(CookedV2, NamesProtocolSenderAndPayload) {
  const auto frame = hex(kV2);
  const auto link = read_cooked_v2(frame);
  ASSERT_TRUE(link.has_value());
  EXPECT_EQ(link->protocol, NetworkProtocol::kIpv6);
  EXPECT_EQ(link->source->to_text(), "00:0c:29:12:34:56");
  EXPECT_TRUE(std::ranges::equal(link->payload, hex("6000")));
}

TEST(CookedV1, AnAddressOfAnotherLengthIsNoMac) {
  const auto link = read_cooked_v1(hex("0000 fffe 0000 0000000000000000 0800 45"));
  ASSERT_TRUE(link.has_value());
  EXPECT_FALSE(link->source.has_value());
}

TEST(CookedV1, StepsOverVlanTags) {
  const auto link = read_cooked_v1(hex("0000 0001 0006 000c291234560000 8100 0064 0800 45"));
  ASSERT_TRUE(link.has_value());
  EXPECT_EQ(link->protocol, NetworkProtocol::kIpv4);
  EXPECT_THAT(link->vlans.ids(), ElementsAre(100));
}

TEST(CookedV1, ReadsLinkControlWhereTheProtocolSaysSo) {
  const auto link =
      read_cooked_v1(hex("0000 0001 0006 000c291234560000 0004 aaaa03 000000 0800 45"));
  ASSERT_TRUE(link.has_value());
  EXPECT_EQ(link->protocol, NetworkProtocol::kIpv4);
}

TEST(CookedV1, FramesOfNetlinkAndRadiotapCarryNothing) {
  EXPECT_EQ(read_cooked_v1(hex("0000 0338 0000 0000000000000000 0800 45"))->protocol,
            NetworkProtocol::kNone);
  EXPECT_EQ(read_cooked_v1(hex("0000 0323 0000 0000000000000000 0800 45"))->protocol,
            NetworkProtocol::kNone);
}

TEST(Cooked, AHeaderCutShortIsNoResult) {
  const auto v1 = hex(kV1);
  testing::for_every_truncation(std::span{v1}.first(16), [](const auto& cut) {
    EXPECT_FALSE(read_cooked_v1(cut).has_value()) << cut.size();
  });
  const auto v2 = hex(kV2);
  testing::for_every_truncation(std::span{v2}.first(20), [](const auto& cut) {
    EXPECT_FALSE(read_cooked_v2(cut).has_value()) << cut.size();
  });
}

TEST(Cooked, SurvivesEveryChangedByte) {
  testing::for_every_changed_byte(hex(kV1), [](const auto& frame) { (void)read_cooked_v1(frame); });
  testing::for_every_changed_byte(hex(kV2), [](const auto& frame) { (void)read_cooked_v2(frame); });
}

}  // namespace
}  // namespace remora::capture
