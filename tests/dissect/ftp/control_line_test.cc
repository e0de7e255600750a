#include "dissect/ftp/control_line.h"

#include <string>

#include <gtest/gtest.h>

namespace remora::ftp {
namespace {

TEST(ControlLine, EndsBehindItsLineEnd) {
  EXPECT_EQ(measure_line(as_bytes("RETR a\r\nQUIT\r\n")).size(), 8U);
  EXPECT_EQ(measure_line(as_bytes("RETR a\nQUIT")).size(), 7U);
  EXPECT_TRUE(measure_line(as_bytes("RETR a\r")).needs_more());
  EXPECT_TRUE(measure_line(as_bytes(std::string(kMaxLineBytes - 1, 'a'))).needs_more());
  EXPECT_TRUE(measure_line(as_bytes(std::string(kMaxLineBytes, 'a') + "\n")).is_lost());
}

TEST(ControlLine, TellsCommands) {
  const auto retr = read_command("retr a b.txt\r\n");
  ASSERT_TRUE(retr.has_value());
  EXPECT_EQ(retr->verb, "RETR");
  EXPECT_EQ(retr->argument, "a b.txt");
  EXPECT_EQ(read_command("PWD\n")->argument, "");
  EXPECT_EQ(read_command("\xff\xf4\xff\xf2"
                         "ABOR\r\n")
                ->verb,
            "ABOR");
  for (const auto* line : {"", "AB x\r\n", "ABCDE x\r\n", "220 x\r\n", "GE\xffT\r\n"}) {
    EXPECT_FALSE(read_command(line).has_value()) << line;
  }
}

TEST(ControlLine, TellsReplies) {
  const auto one = read_reply("250 gone\r\n");
  ASSERT_TRUE(one.has_value());
  EXPECT_EQ(one->code, 250);
  EXPECT_FALSE(one->has_more);
  EXPECT_EQ(one->text, "gone");
  EXPECT_TRUE(read_reply("220-hello\r\n")->has_more);
  EXPECT_EQ(read_reply("226\r\n")->text, "");
  for (const auto* line : {"", "25", "2500 x", "099 x", "600 x", " 250 x", "RETR x"}) {
    EXPECT_FALSE(read_reply(line).has_value()) << line;
  }
}

}  // namespace
}  // namespace remora::ftp
