#include "dissect/mime/encoded_word.h"

#include <gtest/gtest.h>

namespace remora::mime {
namespace {

TEST(EncodedWord, IsDecodedByItsEncoding) {
  EXPECT_EQ(decode_encoded_words("=?utf-8?B?SW52aXRhdGlvbg==?="), "Invitation");
  EXPECT_EQ(decode_encoded_words("=?ISO-8859-1?q?Einladung_f=FCr?="), "Einladung f\xfcr");
}

TEST(EncodedWord, JoinsWithItsNeighbourButNotWithText) {
  EXPECT_EQ(decode_encoded_words("=?utf-8?Q?a?= =?utf-8?Q?b?="), "ab");
  EXPECT_EQ(decode_encoded_words("=?utf-8?Q?a?=\r\n =?utf-8?B?Yg==?= c"), "ab c");
  EXPECT_EQ(decode_encoded_words("a =?utf-8?Q?b?="), "a b");
}

TEST(EncodedWord, StaysWhereItIsNone) {
  EXPECT_EQ(decode_encoded_words("plain"), "plain");
  EXPECT_EQ(decode_encoded_words("=?utf-8?X?a?="), "=?utf-8?X?a?=");
  EXPECT_EQ(decode_encoded_words("=?utf-8?Q?never ended"), "=?utf-8?Q?never ended");
  EXPECT_EQ(decode_encoded_words("=?=?utf-8?Q?a?="), "=?a");
  EXPECT_EQ(decode_encoded_words("=?"), "=?");
}

}  // namespace
}  // namespace remora::mime
