#include "dissect/encoding/base64.h"

#include <string>

#include <gtest/gtest.h>

#include "capture/base/bytes.h"

namespace remora::encoding {
namespace {

std::string text(std::string_view base64) {
  const auto bytes = from_base64(base64);
  return std::string{as_text(bytes)};
}

TEST(Base64, ReadsTheVectorsOfTheRfc) {
  EXPECT_EQ(text(""), "");
  EXPECT_EQ(text("Zg=="), "f");
  EXPECT_EQ(text("Zm8="), "fo");
  EXPECT_EQ(text("Zm9v"), "foo");
  EXPECT_EQ(text("Zm9vYg=="), "foob");
  EXPECT_EQ(text("Zm9vYmE="), "fooba");
  EXPECT_EQ(text("Zm9vYmFy"), "foobar");
}

TEST(Base64, StopsAtWhatIsNotOfItsAlphabet) {
  EXPECT_EQ(text("Zm9v Zm9v"), "foo");
  EXPECT_EQ(text("Zm9vYg"), "foob");
  EXPECT_EQ(text("\xff"), "");
}

}  // namespace
}  // namespace remora::encoding
