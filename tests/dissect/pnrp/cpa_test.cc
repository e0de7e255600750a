#include "dissect/pnrp/cpa.h"

#include <gtest/gtest.h>

#include "tests/dissect/pnrp/pieces.h"
#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::pnrp {
namespace {

using testing::hex;

TEST(Cpa, MakesTheIdOfItsName) {
  const auto bytes = hex(cpa_text("09"));
  const auto cpa = decode(bytes, read_cpa);
  ASSERT_TRUE(cpa.has_value());
  EXPECT_TRUE(cpa->revoked);
  std::array<std::byte, 20> hash{};
  hash.fill(std::byte{0xaa});
  std::array<std::byte, 16> location{};
  for (std::size_t at = 0; at < location.size(); ++at) {
    location.at(at) = static_cast<std::byte>(0x11 + at);
  }
  EXPECT_EQ(cpa->id(), make_pnrp_id(hash, {}, location));
  testing::expect_reader_laws(bytes, read_cpa);
}

TEST(Cpa, OfANameWithoutClassifierMakesNone) {
  const auto cpa = decode(hex(cpa_text("05")), read_cpa);
  ASSERT_TRUE(cpa.has_value());
  EXPECT_FALSE(cpa->id().has_value());
  EXPECT_FALSE(decode(hex(cpa_text("20")), read_cpa).value().revoked);
}

}  // namespace
}  // namespace remora::pnrp
