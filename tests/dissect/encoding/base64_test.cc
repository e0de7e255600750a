#include "dissect/encoding/base64.h"

#include <string>

#include <gtest/gtest.h>

#include "capture/base/bytes.h"

namespace remora::encoding {
namespace {

[[nodiscard]] std::string text_of(std::string_view base64) {
  const auto bytes = from_base64(base64);
  return bytes ? std::string{as_text(*bytes)} : "refused";
}

TEST(Base64, ReadsTheVectorsOfRfc4648) {
  EXPECT_EQ(text_of(""), "");
  EXPECT_EQ(text_of("Zg=="), "f");
  EXPECT_EQ(text_of("Zm8="), "fo");
  EXPECT_EQ(text_of("Zm9v"), "foo");
  EXPECT_EQ(text_of("Zm9vYg=="), "foob");
  EXPECT_EQ(text_of("Zm9vYmE="), "fooba");
  EXPECT_EQ(text_of("Zm9vYmFy"), "foobar");
}

TEST(Base64, KnowsEveryDigit) {
  const auto bytes =
      from_base64("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
  ASSERT_TRUE(bytes.has_value());
  ASSERT_EQ(bytes->size(), 48U);
  for (unsigned digit = 0; digit < 64; ++digit) {
    unsigned value = 0;
    for (unsigned bit = digit * 6; bit < digit * 6 + 6; ++bit) {
      const unsigned byte = to_u8((*bytes)[bit / 8]);
      value = value * 2 + (byte >> (7 - bit % 8) & 1U);
    }
    EXPECT_EQ(value, digit);
  }
}

TEST(Base64, MayLackItsPadding) {
  EXPECT_EQ(text_of("Zm8"), "fo");
  EXPECT_EQ(text_of("Zg="), "f");
}

TEST(Base64, RefusesAnythingElse) {
  EXPECT_FALSE(from_base64("Zm9v!A==").has_value());
  EXPECT_FALSE(from_base64("Zm 9v").has_value());
  EXPECT_FALSE(from_base64("Zm9vY").has_value());
  EXPECT_FALSE(from_base64("=Zg=").has_value());
  EXPECT_FALSE(from_base64("Zg===").has_value());
}

}  // namespace
}  // namespace remora::encoding
