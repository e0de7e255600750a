#include "dissect/assistance/expert_blob.h"

#include <gtest/gtest.h>

#include "tests/dissect/assistance/messages.h"

namespace remora::assistance {
namespace {

using testing::utf16;
using testing::utf16z;

TEST(ExpertBlob, GoesByItsCounts) {
  EXPECT_EQ(expert_name(utf16z("9;NAME=John69;PASS=D4B4")), "John");
  EXPECT_EQ(expert_name(utf16("9;NAME=John")), "John");
  EXPECT_EQ(expert_name(utf16z("7;PASS=AB13;NAME=a;b1;c=d")), "a;b1;c=d");
}

TEST(ExpertBlob, HasNoNameWhereNoneIsGiven) {
  EXPECT_EQ(expert_name(utf16z("7;PASS=AB")), "");
  EXPECT_EQ(expert_name(utf16z("5;NAME=")), "");
  EXPECT_EQ(expert_name({}), "");
  EXPECT_EQ(expert_name(utf16z("NAME=John")), "");
  EXPECT_EQ(expert_name(utf16z("9999999;NAME=John")), "");
}

TEST(ExpertBlob, NeverGivesTheProofAway) {
  // FreeRDP counts the bytes of UTF-8: too many for a name with other letters.
  EXPECT_EQ(expert_name(utf16z("20;NAME=John69;PASS=D4B4277E9E9D")), "John");
  EXPECT_EQ(expert_name(utf16z("99;NAME=John69;PASS=D4B4277E9E9D")), "John");
  EXPECT_EQ(expert_name(utf16z("99;NAME=69;PASS=D4B4277E9E9D")), "");
}

TEST(ExpertBlob, TakesWhatThereIs) {
  EXPECT_EQ(expert_name(utf16z("99;NAME=John")), "John");
  EXPECT_EQ(expert_name(utf16z("0;0;0;0;0;0;0;0;0;0;9;NAME=John")), "");  // too many properties
}

}  // namespace
}  // namespace remora::assistance
