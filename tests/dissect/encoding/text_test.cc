#include "dissect/encoding/text.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"

namespace remora::encoding {
namespace {

using testing::hex;

TEST(ToUtf8, KeepsAsciiAndUtf8) {
  EXPECT_EQ(to_utf8(as_bytes("alice")), "alice");
  EXPECT_EQ(to_utf8(hex("4a c3bc e282ac f09f9880")), "J\u00fc\u20ac\U0001f600");
  EXPECT_EQ(to_utf8({}), "");
}

TEST(ToUtf8, ReadsOtherBytesAsLatin1) {
  EXPECT_EQ(to_utf8(hex("4a fc 72 67")), "J\u00fcrg");
  EXPECT_EQ(to_utf8(hex("c3bc ff")), "\u00c3\u00bc\u00ff");  // one bad byte: no part is UTF-8
}

TEST(ToUtf8, TakesNoOverlongFormsSurrogatesOrNumbersBeyondUnicode) {
  EXPECT_EQ(to_utf8(hex("c0af")), "\u00c0\u00af");
  EXPECT_EQ(to_utf8(hex("e0a0")), "\u00e0\u00a0");
  EXPECT_EQ(to_utf8(hex("e080af")), "\u00e0\ufffd\u00af");
  EXPECT_EQ(to_utf8(hex("eda080")), "\u00ed\u00a0\ufffd");
  EXPECT_EQ(to_utf8(hex("f4908080")), "\u00f4\ufffd\ufffd\ufffd");
}

TEST(ToUtf8, ReplacesControlCharacters) {
  EXPECT_EQ(to_utf8(hex("61 1b 5b 00 0a 7f")), "a\ufffd[\ufffd\ufffd\ufffd");
  EXPECT_EQ(to_utf8(hex("61 9b")), "a\ufffd");    // C1 in Latin-1
  EXPECT_EQ(to_utf8(hex("61 c29b")), "a\ufffd");  // C1 in UTF-8
}

TEST(UpToNul, EndsBeforeTheFirstNulOrAtTheEnd) {
  EXPECT_EQ(up_to_nul(hex("6162 00 63")).size(), 2U);
  EXPECT_EQ(up_to_nul(hex("616263")).size(), 3U);
  EXPECT_TRUE(up_to_nul(hex("00")).empty());
}

TEST(IsPrintable, MeansUtf8WithoutControlCharacters) {
  EXPECT_TRUE(is_printable(as_bytes("tsv://MS Terminal Services Plugin.1.Farm")));
  EXPECT_TRUE(is_printable(as_bytes("J\u00fcrg")));
  EXPECT_TRUE(is_printable({}));
  EXPECT_FALSE(is_printable(hex("6100")));
  EXPECT_FALSE(is_printable(hex("fc")));
  EXPECT_FALSE(is_printable(hex("0d0a")));
}

TEST(ToHex, WritesTwoLowerCaseDigitsAByte) {
  EXPECT_EQ(to_hex(hex("00 0a ff")), "000aff");
}

}  // namespace
}  // namespace remora::encoding
