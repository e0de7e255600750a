#include "dissect/rdp/security/signature.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"

// The vectors of protocols-rdp.md section 10.
namespace remora::rdp {
namespace {

using testing::hex;

const ByteView kMessage = as_bytes("REMORA test PDU");

TEST(Mac, IsThatOfTheVectors) {
  MacVerifier mac{hex("815370c6e31347c463ed25f1af48bbdf")};
  EXPECT_TRUE(mac.is_right(kMessage, hex("60116c2b83d1fc03")));
  EXPECT_FALSE(mac.is_right(kMessage, hex("60116c2b83d1fc04")));
  EXPECT_FALSE(mac.is_right(kMessage, hex("60116c2b83d1fc")));
  EXPECT_TRUE(MacVerifier{hex("d1269ec6e31347c4")}.is_right(kMessage, hex("aa46f4a64fb1c489")));
}

TEST(Mac, CountsWhereItIsSalted) {
  MacVerifier mac{hex("815370c6e31347c463ed25f1af48bbdf")};
  EXPECT_EQ(mac.number_of(kMessage, hex("8bcfd05d6a2eabb4"), {.low = 0, .high = 9}), 0U);
  EXPECT_EQ(mac.number_of(kMessage, hex("d257584717f982b1"), {.low = 0, .high = 9}), 1U);
  EXPECT_FALSE(mac.number_of(kMessage, hex("d257584717f982b1"), {.low = 2, .high = 99}));
  EXPECT_FALSE(mac.number_of(kMessage, hex("60116c2b83d1fc03"), {.low = 0, .high = 9}));
}

TEST(Hmac, IsThatOfTheVector) {
  HmacVerifier hmac{hex("bb45ea4383cd332a1f15df0981a4aaec95dc14eb")};
  EXPECT_EQ(hmac.number_of(kMessage, hex("1caa9ca689539314"), {.low = 0, .high = 9}), 0U);
  EXPECT_FALSE(hmac.number_of(kMessage, hex("1caa9ca689539314"), {.low = 1, .high = 9}));
}

}  // namespace
}  // namespace remora::rdp
