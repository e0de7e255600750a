#include "dissect/ndr/guid.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"

namespace remora::ndr {
namespace {

using testing::hex;

constexpr auto kPchService = make_guid("833E4200-AFF7-4AC3-AAC2-9F24C1457BCE");

Guid read(std::vector<std::byte> bytes, bool little_endian) {
  return decode(bytes, [&](Cursor& in) { return read_guid(in, little_endian, "guid"); }).value();
}

TEST(Guid, HasItsFirstThreeGroupsInTheOrderOfNumbers) {
  EXPECT_EQ(read(hex("00423e83 f7af c34a aac29f24c1457bce"), true), kPchService);
  EXPECT_EQ(read(hex("833e4200 aff7 4ac3 aac29f24c1457bce"), false), kPchService);
  EXPECT_NE(read(hex("833e4200 aff7 4ac3 aac29f24c1457bce"), true), kPchService);
}

TEST(Guid, IsNullWhereAllItsBytesAre) {
  EXPECT_TRUE(Guid{}.is_null());
  EXPECT_FALSE(kPchService.is_null());
}

TEST(Guid, FailsWhereItIsCutOff) {
  EXPECT_FALSE(
      decode(hex("00423e83"), [](Cursor& in) { return read_guid(in, true, "guid"); }).has_value());
}

}  // namespace
}  // namespace remora::ndr
