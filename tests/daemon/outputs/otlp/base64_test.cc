#include "daemon/outputs/otlp/base64.h"

#include <gtest/gtest.h>

namespace remora::outputs::otlp {
namespace {

TEST(Base64, ReadsItPaddedAndNot) {
  EXPECT_EQ(from_base64("aGVsbG8="), "hello");
  EXPECT_EQ(from_base64("aGVsbG8"), "hello");
  EXPECT_EQ(from_base64("aGVsbA"), "hell");
  EXPECT_EQ(from_base64("aGVs"), "hel");
}

TEST(Base64, WhatIsNoneGivesNothing) {
  for (const auto* text : {"", "=", "a", "aGVsb", "****", " ", "\n\n", "a\x80=="}) {
    EXPECT_EQ(from_base64(text), "") << text;
  }
}

}  // namespace
}  // namespace remora::outputs::otlp
