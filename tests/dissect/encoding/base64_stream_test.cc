#include "dissect/encoding/base64_stream.h"

#include <gtest/gtest.h>

#include "tests/dissect/encoding/stream_decoders.h"

namespace remora::encoding {
namespace {

TEST(Base64Stream, ReadsTheVectorsOfRfc4648) {
  EXPECT_EQ(decoded<Base64Stream>("Zg=="), "f");
  EXPECT_EQ(decoded<Base64Stream>("Zm8="), "fo");
  EXPECT_EQ(decoded<Base64Stream>("Zm9vYmFy"), "foobar");
}

TEST(Base64Stream, PassesOverLineEndsAndWhatIsNotOfTheAlphabet) {
  EXPECT_EQ(decoded<Base64Stream>("Zm9v\r\nYm\r\nFy"), "foobar");
  EXPECT_EQ(decoded<Base64Stream>(" Z!m\t9v*YmF y\r\n"), "foobar");
}

TEST(Base64Stream, GoesOnBehindPadding) {
  EXPECT_EQ(decoded<Base64Stream>("Zg==Zm8=\r\nZm9v"), "ffofoo");
}

TEST(Base64Stream, DropsAnUnfinishedGroup) {
  EXPECT_EQ(decoded<Base64Stream>("Zm9vY"), "foo");
  EXPECT_EQ(decoded<Base64Stream>(""), "");
}

}  // namespace
}  // namespace remora::encoding
