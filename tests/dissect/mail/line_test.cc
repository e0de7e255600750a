#include "dissect/mail/line.h"

#include <gtest/gtest.h>

namespace remora::mail {
namespace {

TEST(Line, EndsWithALineFeed) {
  const auto line = first_line(as_bytes("one\r\ntwo"));
  ASSERT_TRUE(line.has_value());
  EXPECT_EQ(line->text, "one");
  EXPECT_EQ(line->size, 5U);
  EXPECT_EQ(first_line(as_bytes("\n"))->text, "");
  EXPECT_FALSE(first_line(as_bytes("one\r")).has_value());
  EXPECT_TRUE(first_line(as_bytes("one\n"), 4).has_value());
  EXPECT_FALSE(first_line(as_bytes("one\n"), 3).has_value());
}

TEST(Line, IsTakenApartByBlanks) {
  std::string_view rest{"RETR 12  x"};
  EXPECT_EQ(take_word(rest), "RETR");
  EXPECT_EQ(take_word(rest), "12");
  EXPECT_EQ(take_word(rest), "");
  EXPECT_EQ(take_word(rest), "x");
  EXPECT_EQ(take_word(rest), "");
}

TEST(Line, HoldsNumbersOf32Bits) {
  EXPECT_EQ(to_number("0"), 0U);
  EXPECT_EQ(to_number("4294967295"), 4294967295U);
  EXPECT_FALSE(to_number("4294967296").has_value());
  EXPECT_FALSE(to_number("").has_value());
  EXPECT_FALSE(to_number("-1").has_value());
  EXPECT_FALSE(to_number("1x").has_value());
}

TEST(Line, IsMatchedInAnyCase) {
  EXPECT_EQ(begins_with("ehlo x", "EHLO "), Match::kYes);
  EXPECT_EQ(begins_with("eh", "EHLO "), Match::kMore);
  EXPECT_EQ(begins_with("", "EHLO "), Match::kMore);
  EXPECT_EQ(begins_with("eh!", "EHLO "), Match::kNo);
}

}  // namespace
}  // namespace remora::mail
