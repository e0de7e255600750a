#include "dissect/assistance_offer/bstr.h"

#include <gtest/gtest.h>

#include "tests/dissect/dcom/stub.h"
#include "tests/support/laws.h"

namespace remora::assistance_offer {
namespace {

using dcom::little;
using testing::hex;

// [MS-OAUT] 2.2.23.1: the array's count, cBytes, clSize, asData.
const auto kHi = hex("02000000 04000000 02000000 6800 6900");

TEST(Bstr, HasItsCharactersWithoutANul) {
  EXPECT_EQ(decode(kHi, little(read_bstr)).value().size(), 4U);
  testing::expect_reader_laws(kHi, little(read_bstr));
}

TEST(Bstr, MayBeNullOrEmpty) {
  EXPECT_TRUE(decode(hex("00000000 ffffffff 00000000"), little(read_bstr)).value().empty());
  EXPECT_TRUE(decode(hex("00000000 00000000 00000000"), little(read_bstr)).value().empty());
  EXPECT_TRUE(decode(hex("00000000"), little(read_bstr_parameter)).value().empty());
}

TEST(Bstr, IsRefusedWhereItsCountsDoNotFit) {
  EXPECT_FALSE(decode(hex("01000000 04000000 02000000 6800 6900"), little(read_bstr)));
  EXPECT_FALSE(decode(hex("ffffff7f 04000000 ffffff7f 6800 6900"), little(read_bstr)));
}

}  // namespace
}  // namespace remora::assistance_offer
