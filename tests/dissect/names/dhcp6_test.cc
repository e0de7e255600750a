#include "dissect/names/dhcp6.h"

#include "dissect/names/family.h"
#include "tests/dissect/names/told.h"
#include "tests/support/hex.h"

namespace remora::names {
namespace {

using remora::testing::hex;
using testing::told;
using testing::Words;

constexpr testing::Sent kFromClient{
    .source = "fe80::10", .source_port = 546, .destination = "ff02::1:2", .destination_port = 547};
constexpr testing::Sent kFromServer{
    .source = "fe80::1", .source_port = 547, .destination = "fe80::10", .destination_port = 546};

const std::string kClientId = "0001 000a 00030001 02005e100001";
const std::string kFqdn = "0027 0004 00 02 7063";

/// One address in one association, RFC 8415 21.4 and 21.6.
std::string with_address(const std::string& valid) {
  return kClientId +
         "0003 0028 00000001 00000000 00000000"
         "0005 0018 20010db8000000000000000000000010 00000708" +
         valid;
}

TEST(Dhcp6, TellsWhatAMachineCallsItself) {
  for (const auto* type : {"01", "03", "05", "06"}) {
    EXPECT_EQ(told(dhcp6_family(), kFromClient, hex(type + ("a1b2c3" + kClientId) + kFqdn)),
              Words{"dhcpv6.request: 0003000102005e100001 calls itself pc"});
  }
}

TEST(Dhcp6, TellsWhomAnAddressIsGivenTo) {
  EXPECT_EQ(told(dhcp6_family(), kFromServer, hex("07 a1b2c3" + with_address("00000e10") + kFqdn)),
            Words{"dhcpv6.reply: 2001:db8::10 given to 0003000102005e100001 pc for 3600"});
  EXPECT_EQ(told(dhcp6_family(), kFromServer, hex("07 a1b2c3" + with_address("ffffffff"))),
            Words{"dhcpv6.reply: 2001:db8::10 given to 0003000102005e100001"});
}

TEST(Dhcp6, TellsWhatIsGivenBack) {
  EXPECT_EQ(told(dhcp6_family(), kFromServer, hex("07 a1b2c3" + with_address("00000000"))),
            Words{"dhcpv6.reply: 2001:db8::10 given back"});
  EXPECT_EQ(told(dhcp6_family(), kFromClient, hex("08 a1b2c3" + with_address("00000000"))),
            Words{"dhcpv6.release: 2001:db8::10 given back"});
  EXPECT_EQ(told(dhcp6_family(), kFromClient, hex("09 a1b2c3" + with_address("00000000"))),
            Words{"dhcpv6.decline: 2001:db8::10 given back"});
}

TEST(Dhcp6, TellsNothingOfOffersAndOfRepliesThatAreNotAServers) {
  EXPECT_EQ(told(dhcp6_family(), kFromServer, hex("02 a1b2c3" + with_address("00000e10"))),
            Words{});
  EXPECT_EQ(told(dhcp6_family(), kFromClient, hex("07 a1b2c3" + with_address("00000e10"))),
            Words{});
}

TEST(Dhcp6, IsRecognisedByPortsAndType) {
  EXPECT_TRUE(recognise_dhcp6(to_datagram(kFromClient, hex("01 a1b2c3"))));
  EXPECT_FALSE(recognise_dhcp6(to_datagram(kFromClient, hex("00 a1b2c3"))));
  EXPECT_FALSE(recognise_dhcp6(to_datagram(kFromClient, hex("63 a1b2c3"))));
  auto elsewhere = kFromClient;
  elsewhere.destination_port = 5470;
  EXPECT_FALSE(recognise_dhcp6(to_datagram(elsewhere, hex("01 a1b2c3"))));
}

TEST(Dhcp6, DoesNoHarmWhenDamaged) {
  testing::expect_harmless_when_damaged(dhcp6_family(), kFromServer,
                                        hex("07 a1b2c3" + with_address("00000e10") + kFqdn));
}

}  // namespace
}  // namespace remora::names
