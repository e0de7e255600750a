#include "dissect/names/dhcp6_message.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::names {
namespace {

using remora::testing::hex;

const std::string kClientId = "0001 000a 00030001 02005e100001";  // DUID-LL, RFC 8415 11.4
const std::string kAddress =
    "0005 0018 20010db8000000000000000000000010"  // IAADDR
    "00000708 00000e10";                          // preferred, valid
const std::string kAssociation = "0003 0028 00000001 00000000 00000000" + kAddress;
const std::string kFqdn = "0027 0012 00 02 7063 04 636f7270 07 6578616d706c65 00";
const std::string kReply = "07 a1b2c3" + kClientId + kAssociation + kFqdn;

std::string relayed(const std::string& message, const std::string& size) {
  return "0d 00 20010db8000000000000000000000001 fe800000000000000000000000000010"
         "0009" +
         size + message;
}

TEST(Dhcp6Message, SaysWhoHasWhat) {
  const auto message = decode(hex(kReply), read_dhcp6_message);
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->type, Dhcp6Type::kReply);
  EXPECT_EQ(message->client, "0003000102005e100001");
  EXPECT_EQ(message->fqdn, "pc.corp.example");
  ASSERT_EQ(message->addresses.size(), 1U);
  EXPECT_EQ(message->addresses[0].address, IpAddress::parse("2001:db8::10"));
  EXPECT_EQ(message->addresses[0].valid.count(), 3600);
}

TEST(Dhcp6Message, IsReadThroughRelays) {
  const auto size = hex(kReply).size();
  ASSERT_EQ(size, 0x54U);
  auto text = relayed(kReply, "0054");
  auto message = decode(hex(text), read_dhcp6_message);
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->client, "0003000102005e100001");
  for (const auto* outer : {"007a", "00a0", "00c6"}) { text = relayed(text, outer); }
  EXPECT_TRUE(decode(hex(text), read_dhcp6_message).has_value()) << "four";
  EXPECT_FALSE(decode(hex(relayed(text, "00ec")), read_dhcp6_message).has_value()) << "five";
}

TEST(Dhcp6Message, HasNoAddressThatTheServerRefuses) {
  const auto refused = decode(hex("07 a1b2c3" + kClientId + "0003 002e 00000001 00000000 00000000" +
                                  kAddress + "000d 0002 0002"),  // NoAddrsAvail
                              read_dhcp6_message);
  ASSERT_TRUE(refused.has_value());
  EXPECT_TRUE(refused->addresses.empty());
}

TEST(Dhcp6Message, MayHaveAPartialName) {
  const auto message = decode(hex("03 a1b2c3 0027 0004 00 02 7063"), read_dhcp6_message);
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->fqdn, "pc");
}

TEST(Dhcp6Message, ObeysTheLawsOfReaders) {
  remora::testing::expect_reader_laws(hex(kReply), read_dhcp6_message);
  remora::testing::expect_reader_laws(hex(relayed(kReply, "0054")), read_dhcp6_message);
}

}  // namespace
}  // namespace remora::names
