#include "dissect/rdp/share/capabilities.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::rdp {
namespace {

using testing::expect_reader_laws;
using testing::hex;

const std::string kGeneral =
    "0100 1800"                      // capabilitySetType, lengthCapability
    "0100 0300 0002 0000 0000 1d04"  // osMajorType ... extraFlags
    "0000 0000 0000 01 00";
const std::string kShare = "0900 0800 ea03 dc e2";

TEST(ConfirmActive, ReadsPlatformAndDescriptor) {
  const auto bytes =
      hex("ea030100 ea03 0600 2400"  // shareID, originatorID, lengths
          "4d53 5453 4300"           // "MSTSC"
          "0200 0000" +
          kGeneral + kShare);
  const auto confirm = decode(bytes, read_confirm_active);
  ASSERT_TRUE(confirm.has_value());
  EXPECT_EQ(confirm->share_id, 0x103eaU);
  EXPECT_EQ(confirm->originator_id, 1002);
  EXPECT_EQ(confirm->source_descriptor, "MSTSC");
  const auto& sets = confirm->capabilities;
  EXPECT_EQ(sets.number_capabilities, 2);
  EXPECT_EQ(sets.types, (std::vector<std::uint16_t>{1, 9}));
  EXPECT_FALSE(sets.damage.has_value());
  ASSERT_TRUE(sets.general.has_value());
  EXPECT_EQ(sets.general->os_major_type, 1);
  EXPECT_EQ(sets.general->os_minor_type, 3);
  EXPECT_EQ(sets.general->protocol_version, 0x200);
  EXPECT_EQ(sets.general->extra_flags, 0x41d);
  EXPECT_EQ(sets.general->refresh_rect_support, 1);
  EXPECT_EQ(sets.general->suppress_output_support, 0);
  expect_reader_laws(bytes, read_confirm_active);
}

TEST(DemandActive, ReadsItsSessionBehindTheSets) {
  const auto bytes =
      hex("ea030100 0400 1c00"  // shareID, lengths
          "5244 5000"           // "RDP"
          "0100 0000" +
          kGeneral + "02000000");
  const auto demand = decode(bytes, read_demand_active);
  ASSERT_TRUE(demand.has_value());
  EXPECT_EQ(demand->source_descriptor, "RDP");
  EXPECT_TRUE(demand->capabilities.general.has_value());
  EXPECT_EQ(demand->session_id, 2U);
  expect_reader_laws(bytes, read_demand_active);
}

TEST(CapabilitySets, KeepTheSetsBeforeALyingLength) {
  const auto bytes = hex("ea030100 ea03 0000 2400 0200 0000" + kGeneral + "0900 0900 ea03 dce2");
  const auto confirm = decode(bytes, read_confirm_active);
  ASSERT_TRUE(confirm.has_value());
  EXPECT_TRUE(confirm->capabilities.general.has_value());
  EXPECT_EQ(confirm->capabilities.types, std::vector<std::uint16_t>{1});
  ASSERT_TRUE(confirm->capabilities.damage.has_value());
  EXPECT_EQ(confirm->capabilities.damage->to_text(), "capabilitySet at 42: 4 of 5 bytes");
}

TEST(CapabilitySets, AreReadWhenTheirOwnLengthIsTooLong) {
  const auto bytes = hex("ea030100 ea03 0000 ff00 0100 0000" + kGeneral);
  EXPECT_TRUE(decode(bytes, read_confirm_active)->capabilities.general.has_value());
}

TEST(CapabilitySets, AreReadUpTo64) {
  std::string sets;
  for (int i = 0; i < 70; ++i) { sets += "0e00 0400"; }
  const auto confirm = decode(hex("ea030100 ea03 0000 1c01 4600 0000" + sets), read_confirm_active);
  ASSERT_TRUE(confirm.has_value());
  EXPECT_EQ(confirm->capabilities.number_capabilities, 70);
  EXPECT_EQ(confirm->capabilities.types.size(), 64U);
}

TEST(OsNames, AreTheSpecifications) {
  EXPECT_EQ(os_major_name(1), "Windows");
  EXPECT_EQ(os_major_name(4), "Unix");
  EXPECT_EQ(os_major_name(0), "");
  EXPECT_EQ(os_minor_name(3), "Windows NT");
  EXPECT_EQ(os_minor_name(10), "");
}

TEST(ConfirmActive, NamesTheFieldThatIsMissing) {
  EXPECT_EQ(decode(hex("ea030100 ea03 0600 2400 4d53"), read_confirm_active).error().to_text(),
            "sourceDescriptor at 10: 2 of 6 bytes");
}

}  // namespace
}  // namespace remora::rdp
