#include "dissect/dcom/orpc.h"

#include <gtest/gtest.h>

#include "tests/dissect/dcom/stub.h"
#include "tests/support/laws.h"

namespace remora::dcom {
namespace {

using testing::hex;

/// What stands behind the header.
std::uint32_t behind_this(ndr::NdrReader& in) {
  read_orpcthis(in);
  return in.u32("behind");
}
std::uint32_t behind_that(ndr::NdrReader& in) {
  read_orpcthat(in);
  return in.u32("behind");
}

// [MS-DCOM] 2.2.13.3: version, flags, reserved1, cid, extensions.
const auto kPlain =
    hex("0500 0700 00000000 00000000 0102030405060708090a0b0c0d0e0f10 00000000 2a000000");
// 2.2.13.2: size, reserved, extent; two pointers, the second null; the extent's count, id, size,
// data.
const auto kExtended =
    hex("0500 0700 00000000 00000000 0102030405060708090a0b0c0d0e0f10 00000200"
        "01000000 00000000 04000200 02000000 08000200 00000000"
        "08000000 3b0300000000000000c00000000000 46 03000000 aabbcc0000000000 2a000000");

TEST(Orpcthis, StandsBeforeTheParameters) {
  EXPECT_EQ(decode(kPlain, little(behind_this)).value_or(0), 42U);
  testing::expect_reader_laws(kPlain, little(behind_this));
}

TEST(Orpcthis, MayHaveExtensions) {
  EXPECT_EQ(decode(kExtended, little(behind_this)).value_or(0), 42U);
  testing::expect_reader_laws(kExtended, little(behind_this));
}

TEST(Orpcthis, IsRefusedInAnotherVersion) {
  auto other = kPlain;
  other[0] = std::byte{6};
  EXPECT_FALSE(decode(other, little(behind_this)).has_value());
}

TEST(Orpcthat, StandsBeforeTheResults) {
  EXPECT_EQ(decode(hex("00000000 00000000 2a000000"), little(behind_that)).value_or(0), 42U);
}

TEST(InterfacePointer, IsAsLongAsItSays) {
  const auto bytes = hex("05000000 03000000 aabbccddee");
  EXPECT_EQ(decode(bytes, little(read_interface_pointer)).value().size(), 3U);
  EXPECT_FALSE(
      decode(hex("03000000 05000000 aabbccddee"), little(read_interface_pointer)).has_value());
}

}  // namespace
}  // namespace remora::dcom
