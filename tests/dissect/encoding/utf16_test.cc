#include "dissect/encoding/utf16.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"

namespace remora::encoding {
namespace {

using testing::hex;

TEST(Utf16, EndsAtTheFirstNul) {
  EXPECT_EQ(utf16le_to_utf8(hex("5700 5300 0000 5800")), "WS");
  EXPECT_EQ(utf16le_to_utf8(hex("5700 5300")), "WS");
  EXPECT_EQ(utf16le_to_utf8({}), "");
}

TEST(Utf16, JoinsSurrogatePairs) {
  EXPECT_EQ(utf16le_to_utf8(hex("fc00 ac20 3dd800de")), "\u00fc\u20ac\U0001f600");
}

TEST(Utf16, ReplacesUnpairedSurrogates) {
  EXPECT_EQ(utf16le_to_utf8(hex("3dd8 6100")), "\ufffda");
  EXPECT_EQ(utf16le_to_utf8(hex("00de 6100")), "\ufffda");
  EXPECT_EQ(utf16le_to_utf8(hex("6100 3dd8")), "a\ufffd");
}

TEST(Utf16, ReplacesControlCharacters) {
  EXPECT_EQ(utf16le_to_utf8(hex("6100 1b00 9b00")), "a\ufffd\ufffd");
}

TEST(Utf16, IgnoresAnOddLastByte) {
  EXPECT_EQ(utf16le_to_utf8(hex("6100 62")), "a");
}

}  // namespace
}  // namespace remora::encoding
