#include "dissect/names/netbios_name.h"

#include <array>

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::names {
namespace {

using remora::testing::hex;

TEST(NetBiosNames, AreEncodedInTwoLettersAByte) {
  // RFC 1001 14.1: "The NetBIOS name"
  const auto name = to_netbios_name("FEGIGFCAEOGFHEECEJEPFDCAGOGBGNGF");
  ASSERT_TRUE(name.has_value());
  EXPECT_EQ(name->text, "The NetBIOS nam");
  EXPECT_EQ(name->suffix, 'e');
}

TEST(NetBiosNames, LoseTheSpacesTheyWereFilledUpWithAndTheirScope) {
  const auto name = to_netbios_name("FCEEFDDADBCACACACACACACACACACAAA.scope.example");
  ASSERT_TRUE(name.has_value());
  EXPECT_EQ(name->text, "RDS01");
  EXPECT_EQ(name->suffix, 0);
}

TEST(NetBiosNames, AreNothingElse) {
  EXPECT_EQ(to_netbios_name("rds01"), std::nullopt);
  EXPECT_EQ(to_netbios_name(std::string(32, 'Q')), std::nullopt);
  EXPECT_EQ(to_netbios_name(std::string(31, 'A')), std::nullopt);
  EXPECT_EQ(to_netbios_name("fceefddadbcacacacacacacacacacaaa"), std::nullopt);
}

TEST(NetBiosNames, AreAMachinesByTheirSuffix) {
  EXPECT_TRUE((NetBiosName{.text = "RDS01", .suffix = 0x00}.is_of_host()));
  EXPECT_TRUE((NetBiosName{.text = "RDS01", .suffix = 0x20}.is_of_host()));
  for (const auto suffix : std::to_array<std::uint8_t>({0x01, 0x03, 0x1b, 0x1c, 0x1d, 0x1e})) {
    EXPECT_FALSE((NetBiosName{.text = "CORP", .suffix = suffix}.is_of_host()));
  }
  EXPECT_FALSE((NetBiosName{.text = "IS~RDS01", .suffix = 0x00}.is_of_host()));
  EXPECT_FALSE((NetBiosName{.text = "", .suffix = 0x00}.is_of_host()));
}

const auto kEntries =
    hex("6000 c0000214"
        "e000 c0000215");

TEST(NetBiosAddresses, SayWhetherAGroupHasThem) {
  const auto entries = decode(kEntries, read_netbios_addresses);
  ASSERT_TRUE(entries.has_value());
  ASSERT_EQ(entries->size(), 2U);
  EXPECT_FALSE(entries->at(0).is_group);
  EXPECT_EQ(entries->at(0).address, IpAddress::parse("192.0.2.20"));
  EXPECT_TRUE(entries->at(1).is_group);
}

const auto kNodeNames =
    hex("05"                                       // NUM_NAMES
        "52445330312020202020202020202000 0400"    // RDS01<00>, active
        "434f5250202020202020202020202000 8400"    // CORP<00>, a group
        "52445330312020202020202020202020 0400"    // RDS01<20>
        "4f4c44202020202020202020202020 00 0c00"   // OLD<00>, in conflict
        "474f4e45202020202020202020202020 1400");  // GONE<20>, about to be given up

TEST(NodeNames, AreTheActiveOnesOfOneMachine) {
  const auto names = decode(kNodeNames, read_node_names);
  ASSERT_TRUE(names.has_value());
  ASSERT_EQ(names->size(), 2U);
  EXPECT_EQ(names->at(0).text, "RDS01");
  EXPECT_EQ(names->at(1).suffix, 0x20);
}

TEST(NetBiosNames, ObeyTheLawsOfReaders) {
  remora::testing::expect_reader_laws(kEntries, read_netbios_addresses);
  remora::testing::expect_reader_laws(kNodeNames, read_node_names);
}

}  // namespace
}  // namespace remora::names
