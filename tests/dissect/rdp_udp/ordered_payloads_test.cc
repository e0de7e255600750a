#include "dissect/rdp_udp/ordered_payloads.h"

#include <string>

#include <gtest/gtest.h>

namespace remora::rdp_udp {
namespace {

class Line {
 public:
  explicit Line(unsigned bits, std::uint32_t first) : payloads_{bits} { payloads_.expect(first); }
  Line& add(std::uint32_t sequence, std::string_view text) {
    std::vector<OrderedPayloads::Piece> pieces;
    payloads_.add(sequence, as_bytes(text), pieces);
    for (const auto& piece : pieces) {
      text_ += piece.hole ? std::string{"?"} : std::string{as_text(piece.bytes)};
    }
    return *this;
  }
  std::string text_;

 private:
  OrderedPayloads payloads_;
};

TEST(OrderedPayloads, ComeOutInOrderAndOnce) {
  EXPECT_EQ(Line(32, 5).add(5, "a").add(5, "a").add(7, "c").add(6, "b").add(6, "b").text_, "abc");
}

TEST(OrderedPayloads, WrapAround) {
  EXPECT_EQ(Line(32, 0xffffffff).add(1, "c").add(0xffffffff, "a").add(0, "b").text_, "abc");
  EXPECT_EQ(Line(16, 0xffff).add(1, "c").add(0xffff, "a").add(0, "b").add(0xffff, "x").text_,
            "abc");
}

TEST(OrderedPayloads, GiveUpWhatIsMissingForLong) {
  Line line{32, 1};
  for (std::uint32_t i = 2; i <= 65; ++i) { line.add(i, "b"); }
  EXPECT_EQ(line.text_, "");
  line.add(66, "z");
  EXPECT_EQ(line.text_, "?" + std::string(64, 'b') + "z");
}

TEST(OrderedPayloads, KeepNotMoreThanTheirLimit) {
  Line line{32, 1};
  const std::string large(OrderedPayloads::kMaxBytes / 2 + 1, 'x');
  line.add(2, large);
  EXPECT_EQ(line.text_, "");
  line.add(3, large);
  EXPECT_EQ(line.text_, "?" + large + large);
}

TEST(OrderedPayloads, BeginWithTheFirstThatIsSeen) {
  OrderedPayloads payloads;
  std::vector<OrderedPayloads::Piece> pieces;
  payloads.add(4'000'000'000, as_bytes("a"), pieces);
  EXPECT_EQ(pieces.size(), 1U);
}

}  // namespace
}  // namespace remora::rdp_udp
