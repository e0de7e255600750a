#include "capture/link/ethernet.h"

#include <algorithm>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/damage.h"
#include "tests/support/hex.h"

namespace remora::capture {
namespace {

using ::testing::ElementsAre;
using testing::hex;

const std::string kMacs =
    "000c29123456"   // destination
    "0050568899aa";  // source

TEST(Ethernet, NamesAddressesProtocolAndPayload) {
  const auto frame = hex(kMacs +
                         "0800"    // type: IPv4
                         "4500");  // payload
  const auto link = read_ethernet(frame);
  ASSERT_TRUE(link.has_value());
  EXPECT_EQ(link->protocol, NetworkProtocol::kIpv4);
  EXPECT_EQ(link->destination->to_text(), "00:0c:29:12:34:56");
  EXPECT_EQ(link->source->to_text(), "00:50:56:88:99:aa");
  EXPECT_TRUE(std::ranges::equal(link->payload, hex("4500")));
  EXPECT_TRUE(link->vlans.ids().empty());
}

TEST(Ethernet, KnowsTheTypesThatCarryNetworks) {
  const auto protocol_of = [](const char* type) {
    return read_ethernet(hex(kMacs + type + "00000000"))->protocol;
  };
  EXPECT_EQ(protocol_of("86dd"), NetworkProtocol::kIpv6);
  EXPECT_EQ(protocol_of("8847"), NetworkProtocol::kMplsUnicast);
  EXPECT_EQ(protocol_of("8848"), NetworkProtocol::kMplsMulticast);
  EXPECT_EQ(protocol_of("0806"), NetworkProtocol::kNone);  // ARP
  EXPECT_EQ(protocol_of("88cc"), NetworkProtocol::kNone);  // LLDP
}

TEST(Ethernet, StepsOverEveryKindOfVlanTagAndIgnoresThePriority) {
  const auto frame = hex(kMacs +
                         "88a8 e064"  // 802.1ad, priority 7, VLAN 100
                         "8100 0fff"  // 802.1Q, VLAN 4095
                         "9100 0001"  // old stacked tag, VLAN 1
                         "86dd 60");
  const auto link = read_ethernet(frame);
  ASSERT_TRUE(link.has_value());
  EXPECT_EQ(link->protocol, NetworkProtocol::kIpv6);
  EXPECT_THAT(link->vlans.ids(), ElementsAre(100, 4095, 1));
  EXPECT_EQ(link->payload.size(), 1U);
}

TEST(Ethernet, AStackOfEightTagsIsReadAndOneOfNineCarriesNothing) {
  std::string tags;
  for (int i = 0; i < 8; ++i) { tags += "8100 0007"; }
  EXPECT_EQ(read_ethernet(hex(kMacs + tags + "0800 45"))->protocol, NetworkProtocol::kIpv4);
  EXPECT_EQ(read_ethernet(hex(kMacs + tags + "8100 0007 0800 45"))->protocol,
            NetworkProtocol::kNone);
}

TEST(Ethernet, ReadsIpInSnapAndDropsThePaddingBehindItsLength) {
  const auto frame = hex(kMacs +
                         "000a"         // 802.3 length
                         "aaaa03"       // LLC: SNAP
                         "000000 0800"  // organisation, type
                         "4500"         // payload
                         "0000");       // padding
  const auto link = read_ethernet(frame);
  ASSERT_TRUE(link.has_value());
  EXPECT_EQ(link->protocol, NetworkProtocol::kIpv4);
  EXPECT_TRUE(std::ranges::equal(link->payload, hex("4500")));
}

TEST(Ethernet, ReadsIpByItsOwnServiceAccessPoint) {
  EXPECT_EQ(read_ethernet(hex(kMacs + "0004 060603 45"))->protocol, NetworkProtocol::kIpv4);
}

TEST(Ethernet, OtherLinkControlCarriesNothing) {
  EXPECT_EQ(read_ethernet(hex(kMacs + "0026 424203 0000000000"))->protocol,
            NetworkProtocol::kNone);  // spanning tree
  EXPECT_EQ(read_ethernet(hex(kMacs + "0010 aaaa03 00000c 2000 0000"))->protocol,
            NetworkProtocol::kNone);  // Cisco discovery
}

TEST(Ethernet, ReadsPppoeSessions) {
  const auto frame = hex(kMacs +
                         "8864"
                         "11 00 0001 0003"  // version, code, session, length
                         "0021 45"          // PPP: IPv4
                         "0000");           // padding
  const auto link = read_ethernet(frame);
  ASSERT_TRUE(link.has_value());
  EXPECT_EQ(link->protocol, NetworkProtocol::kIpv4);
  EXPECT_TRUE(std::ranges::equal(link->payload, hex("45")));
  EXPECT_EQ(link->circuit, 1U);
  EXPECT_TRUE(link->source.has_value());
}

TEST(Ethernet, ABackboneTagNamesItsServiceBeforeTheCustomersFrame) {
  const auto frame = hex(kMacs +
                         "88a8 01f4"       // B-VLAN
                         "88e7"            // I-TAG
                         "0000abcd"        // priority and flags, service
                         "02005e100012");  // the customer's frame
  const auto link = read_ethernet(frame);
  ASSERT_TRUE(link.has_value());
  EXPECT_EQ(link->protocol, NetworkProtocol::kEthernet);
  EXPECT_EQ(link->circuit, 0xabcdU);
  EXPECT_THAT(link->vlans.ids(), ElementsAre(500));
  EXPECT_TRUE(std::ranges::equal(link->payload, hex("02005e100012")));
  EXPECT_FALSE(read_ethernet(hex(kMacs + "88e7 0000ab")).has_value());
}

TEST(Ethernet, TypesOfTunnelsNameWhatFollows) {
  EXPECT_EQ(read_ethernet(hex(kMacs + "6558 02"))->protocol, NetworkProtocol::kEthernet);
  EXPECT_EQ(read_ethernet(hex(kMacs + "880b ff030057 60"))->protocol, NetworkProtocol::kIpv6);
  EXPECT_EQ(read_ethernet(hex(kMacs + "880b 21 45"))->protocol, NetworkProtocol::kIpv4);
  EXPECT_EQ(read_ethernet(hex(kMacs + "8847 00001140 45"))->protocol,
            NetworkProtocol::kMplsUnicast);
}

TEST(Ethernet, AHeaderCutShortIsNoResult) {
  testing::for_every_truncation(hex(kMacs + "8100 0001 88a8 0002 0800"), [](const auto& cut) {
    EXPECT_FALSE(read_ethernet(cut).has_value()) << cut.size();
  });
  testing::for_every_truncation(hex(kMacs + "0008 aaaa03 000000 0800"), [](const auto& cut) {
    EXPECT_FALSE(read_ethernet(cut).has_value()) << cut.size();
  });
}

TEST(Ethernet, SurvivesEveryChangedByte) {
  const auto check = [](const auto& changed) { (void)read_ethernet(changed); };
  testing::for_every_changed_byte(hex(kMacs + "8100 0001 0800 4500"), check);
  testing::for_every_changed_byte(hex(kMacs + "0008 aaaa03 000000 0800"), check);
  testing::for_every_changed_byte(hex(kMacs + "8864 1100 0001 0003 0021 45"), check);
}

}  // namespace
}  // namespace remora::capture
