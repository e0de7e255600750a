#include "dissect/encoding/uuencode.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace remora::encoding {
namespace {

/// What comes out, a bar, and what was left behind the data.
[[nodiscard]] std::string decoded_in_pieces(std::string_view text, std::size_t size) {
  UuencodeStream stream;
  std::string out;
  auto rest = as_bytes(text);
  while (!rest.empty() && !stream.finished()) {
    const auto piece = rest.first(std::min(size, rest.size()));
    std::vector<std::byte> room(piece.size() + UuencodeStream::kSlack);
    const auto step = stream.decode(piece, room);
    out += as_text(ByteView{room}.first(step.made));
    rest = rest.subspan(step.used);
  }
  return out + "|" + std::string{as_text(rest)};
}

[[nodiscard]] std::string decoded(std::string_view text) {
  auto whole = decoded_in_pieces(text, text.size());
  for (std::size_t size = 1; size < text.size(); ++size) {
    EXPECT_EQ(decoded_in_pieces(text, size), whole) << "in pieces of " << size;
  }
  return whole;
}

TEST(Uuencode, ReadsTheNameOfAFile) {
  EXPECT_EQ(uuencoded_name("begin 644 a ticket.msrcIncident\r\n"), "a ticket.msrcIncident");
  EXPECT_EQ(uuencoded_name("begin 0755 x"), "x");
  EXPECT_FALSE(uuencoded_name("begin 6 44 x").has_value());
  EXPECT_FALSE(uuencoded_name("begin 844 x").has_value());
  EXPECT_FALSE(uuencoded_name("begin 644 \r\n").has_value());
  EXPECT_FALSE(uuencoded_name("begin with me").has_value());
}

TEST(Uuencode, DecodesLinesUpToTheEnd) {
  EXPECT_EQ(decoded("#0V%T\r\n`\r\nend\r\n"), "Cat|end\r\n");
  EXPECT_EQ(decoded("#0V%T\n \nend"), "Cat|end");
  EXPECT_EQ(decoded("$0V%T<P``\n`\nend\n"), "Cats|end\n");
}

TEST(Uuencode, FillsUpLinesThatLostTheirBlanks) {
  // The last of the three bytes is zero: its characters are "(  " in full.
  EXPECT_EQ(decoded("#0V$\n`\n"), std::string("Ca\0", 3) + "|");
}

TEST(Uuencode, PassesOverWhatStandsBehindTheData) {
  EXPECT_EQ(decoded("#0V%TXYZ\n`\nend"), "Cat|end");
}

}  // namespace
}  // namespace remora::encoding
