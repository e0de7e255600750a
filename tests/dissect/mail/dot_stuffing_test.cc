#include "dissect/mail/dot_stuffing.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace remora::mail {
namespace {

[[nodiscard]] std::string read_in_pieces(std::string_view input, std::size_t size) {
  DotStuffedText dots;
  std::string text;
  auto rest = as_bytes(input);
  while (!rest.empty()) {
    const auto step = dots.next(rest.first(std::min(size, rest.size())));
    text += as_text(step.text);
    rest = rest.subspan(step.used);
    if (step.ended) { return text + (dots.strict_end() ? "|" : "?") + std::string{as_text(rest)}; }
  }
  return text;
}

/// The text, a bar where it ended (a question mark where it may have), and what follows.
[[nodiscard]] std::string read(std::string_view input) {
  auto whole = read_in_pieces(input, input.size() + 1);
  for (std::size_t size = 1; size < input.size(); ++size) {
    EXPECT_EQ(read_in_pieces(input, size), whole) << "in pieces of " << size;
  }
  return whole;
}

TEST(DotStuffing, EndsAtALoneDot) {
  EXPECT_EQ(read("one\r\ntwo\r\n.\r\nQUIT\r\n"), "one\r\ntwo\r\n|QUIT\r\n");
  EXPECT_EQ(read(".\r\nQUIT"), "|QUIT");
}

TEST(DotStuffing, TakesTheDotOffOtherLines) {
  EXPECT_EQ(read("..\r\n...x\r\na.b.\r\n.c\r\n.\r\n"), ".\r\n..x\r\na.b.\r\nc\r\n|");
}

TEST(DotStuffing, TellsEndsWithBareLineFeeds) {
  EXPECT_EQ(read("a\n.\nb"), "a\n?b");
  EXPECT_EQ(read("a\n.\r\nb"), "a\n?b");
  EXPECT_EQ(read("a\r\n.\nb"), "a\r\n?b");
  EXPECT_EQ(read("a\r\r\n.\r\nb"), "a\r\r\n|b");
}

TEST(DotStuffing, KeepsACarriageReturnThatEndsNothing) {
  EXPECT_EQ(read("a\r\n.\rb\r\n.\r\n"), "a\r\n\rb\r\n|");
}

}  // namespace
}  // namespace remora::mail
