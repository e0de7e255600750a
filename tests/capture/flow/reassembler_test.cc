#include "capture/flow/reassembler.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace remora::capture {
namespace {

using std::chrono::seconds;

struct Segment {
  std::size_t start;
  std::size_t size;
};

/// Drives one reassembler over a known text and writes down what comes out.
class Stream {
 public:
  explicit Stream(std::string text, std::uint32_t initial_sequence = 1000)
      : text_{std::move(text)}, initial_{initial_sequence} {
    reassembler_.begin(initial_);
  }

  Reassembler::Arrival add(Segment segment, std::uint32_t missing = 0) {
    ++frame_;
    const auto bytes = as_bytes(text_).subspan(segment.start, segment.size);
    const auto arrival =
        reassembler_.add(initial_ + 1 + static_cast<std::uint32_t>(segment.start), bytes, missing,
                         {.time = Moment{seconds{1}}, .frame = FrameNumber{frame_}});
    drain(false);
    return arrival;
  }

  void drain(bool at_end, Moment now = Moment{seconds{1}}) {
    while (const auto piece = reassembler_.next(now, at_end)) {
      if (piece->gap_bytes > 0) { out_ += '[' + std::to_string(piece->gap_bytes) + ']'; }
      out_ += as_text(piece->bytes);
    }
  }

  [[nodiscard]] std::uint32_t sequence_of(std::size_t offset) const {
    return initial_ + 1 + static_cast<std::uint32_t>(offset);
  }

  FlowLimits limits_;
  HeldBytes held_;
  Reassembler reassembler_{limits_, held_};
  std::string out_;

 private:
  std::string text_;
  std::uint32_t initial_;
  std::uint64_t frame_{0};
};

TEST(Reassembler, PassesInOrderSegmentsThrough) {
  Stream stream{"abcdefgh"};
  stream.add({0, 3});
  stream.add({3, 5});
  EXPECT_EQ(stream.out_, "abcdefgh");
  EXPECT_EQ(stream.held_.now, 0U);
}

TEST(Reassembler, HoldsWhatComesTooEarlyUntilTheHoleIsFilled) {
  Stream stream{"abcdefgh"};
  stream.add({4, 4});
  EXPECT_EQ(stream.out_, "");
  EXPECT_EQ(stream.held_.now, 4U);
  stream.add({0, 4});
  EXPECT_EQ(stream.out_, "abcdefgh");
  EXPECT_EQ(stream.held_.now, 0U);
}

TEST(Reassembler, KnowsARetransmissionWhetherDeliveredOrHeld) {
  Stream stream{"abcdefgh"};
  EXPECT_EQ(stream.add({0, 4}), Reassembler::Arrival::kNew);
  EXPECT_EQ(stream.add({0, 4}), Reassembler::Arrival::kRetransmission);
  EXPECT_EQ(stream.add({6, 2}), Reassembler::Arrival::kNew);
  EXPECT_EQ(stream.add({6, 2}), Reassembler::Arrival::kRetransmission);
  stream.add({2, 4});
  EXPECT_EQ(stream.out_, "abcdefgh");
}

TEST(Reassembler, KeepsTheFirstOfTwoDifferentClaims) {
  HeldBytes held;
  const FlowLimits limits;
  Reassembler reassembler{limits, held};
  reassembler.begin(0);
  const Instant at{.time = Moment{seconds{1}}, .frame = FrameNumber{1}};
  reassembler.add(3, as_bytes("CDEF"), 0, at);
  EXPECT_FALSE(reassembler.next(at.time).has_value());
  reassembler.add(1, as_bytes("abcdefgh"), 0, at);
  std::string out;
  while (const auto piece = reassembler.next(at.time)) { out += as_text(piece->bytes); }
  // The segment that fills the hole is read whole; what was held behind it is old by then.
  EXPECT_EQ(out, "abcdefgh");
}

TEST(Reassembler, FollowsSequenceNumbersAcrossTheirWrap) {
  Stream stream{"abcdefgh", 0xffff'fffc};
  stream.add({5, 3});
  stream.add({0, 5});
  EXPECT_EQ(stream.out_, "abcdefgh");
}

TEST(Reassembler, TellsAHoleWhenTheStreamEnds) {
  Stream stream{"abcdefgh"};
  stream.add({0, 2});
  stream.add({5, 3});
  stream.drain(true);
  EXPECT_EQ(stream.out_, "ab[3]fgh");
  EXPECT_EQ(stream.reassembler_.gap_bytes(), 3U);
}

TEST(Reassembler, TellsALostTailByThePlaceOfTheFin) {
  Stream stream{"abcdefgh"};
  stream.add({0, 2});
  stream.reassembler_.ends_at(stream.sequence_of(8));
  stream.drain(true);
  EXPECT_EQ(stream.out_, "ab[6]");
}

TEST(Reassembler, TakesAnAcknowledgedHoleForLostOnceTimeHasPassed) {
  Stream stream{"abcdefgh"};
  stream.add({0, 2});
  stream.add({5, 3});
  stream.reassembler_.acknowledged(stream.sequence_of(8));
  stream.drain(false);
  EXPECT_EQ(stream.out_, "ab");
  stream.drain(false, Moment{seconds{3}});
  EXPECT_EQ(stream.out_, "ab[3]fgh");
}

TEST(Reassembler, WaitsForAHoleThatItsPeerDidNotAcknowledge) {
  Stream stream{"abcdefgh"};
  stream.add({0, 2});
  stream.add({5, 3});
  stream.reassembler_.acknowledged(stream.sequence_of(2));
  stream.drain(false, Moment{seconds{300}});
  EXPECT_EQ(stream.out_, "ab");
}

TEST(Reassembler, GivesUpAHoleAfterAWhileWhereOnlyOneSideIsCaptured) {
  Stream stream{"abcdefgh"};
  stream.add({0, 2});
  stream.add({5, 3});
  stream.drain(false, Moment{seconds{8}});
  EXPECT_EQ(stream.out_, "ab");
  stream.drain(false, Moment{seconds{12}});
  EXPECT_EQ(stream.out_, "ab[3]fgh");
}

TEST(Reassembler, PassesOverAHoleOnlyAsFarAsItWasAcknowledged) {
  Stream stream{"abcdefgh"};
  stream.add({0, 2});
  stream.add({6, 2});
  stream.reassembler_.acknowledged(stream.sequence_of(4));
  stream.drain(false, Moment{seconds{3}});
  EXPECT_EQ(stream.out_, "ab[2]");
  stream.add({4, 2});
  EXPECT_EQ(stream.out_, "ab[2]efgh");
}

TEST(Reassembler, DoesNotReadAtTheEndWhatAPeerDidNotAcknowledge) {
  Stream stream{"abcdefgh"};
  stream.add({0, 2});
  stream.add({5, 3});
  stream.reassembler_.acknowledged(stream.sequence_of(2));
  stream.reassembler_.ends_at(stream.sequence_of(2));
  stream.drain(true);
  EXPECT_EQ(stream.out_, "ab");
  EXPECT_EQ(stream.reassembler_.gap_bytes(), 0U);
  EXPECT_EQ(stream.held_.now, 0U);
}

TEST(Reassembler, TellsWhatTheSnapLengthCutOff) {
  Stream stream{"abcdefgh"};
  stream.add({0, 2}, 3);
  stream.add({5, 3});
  EXPECT_EQ(stream.out_, "ab[3]fgh");
}

TEST(Reassembler, AddsUpWhatWasCutOffOfSegmentsThatBringNothingElse) {
  Stream stream{"abcdefghij"};
  stream.add({0, 2});
  stream.add({8, 2});
  auto& reassembler = stream.reassembler_;
  reassembler.add(stream.sequence_of(1), as_bytes("b"), 3, {});
  EXPECT_FALSE(reassembler.next(Moment{}).has_value());
  reassembler.add(stream.sequence_of(1), as_bytes("b"), 6, {});
  stream.drain(false);
  EXPECT_EQ(stream.out_, "ab[6]ij");
}

TEST(Reassembler, IgnoresASegmentFarOutsideAnyWindow) {
  Stream stream{"abcdefgh"};
  stream.add({0, 2});
  EXPECT_EQ(stream.reassembler_.add(stream.sequence_of(0) + 0x4000'0000, as_bytes("xx"), 0, {}),
            Reassembler::Arrival::kOutsideWindow);
}

TEST(Reassembler, GivesUpAHoleRatherThanHoldMoreThanItMay) {
  HeldBytes held;
  FlowLimits limits;
  limits.out_of_order_bytes = 10;
  Reassembler reassembler{limits, held};
  reassembler.begin(0);
  const Instant at{.time = Moment{seconds{1}}, .frame = FrameNumber{1}};
  reassembler.add(101, as_bytes("12345678"), 0, at);
  EXPECT_FALSE(reassembler.next(at.time).has_value());
  reassembler.add(109, as_bytes("12345678"), 0, at);
  const auto piece = reassembler.next(at.time);
  ASSERT_TRUE(piece.has_value());
  EXPECT_EQ(piece->gap_bytes, 100U);
  EXPECT_EQ(piece->bytes.size(), 8U);
  EXPECT_LE(held.now, 8U);
}

TEST(Reassembler, GivesBackItsShareOfTheTotalWhenItGoes) {
  HeldBytes held;
  const FlowLimits limits;
  {
    Reassembler reassembler{limits, held};
    reassembler.begin(0);
    reassembler.add(5, as_bytes("later"), 0, {});
    EXPECT_EQ(held.now, 5U);
  }
  EXPECT_EQ(held.now, 0U);
}

// Random schedules of segments, duplicated, overlapping and out of order, always give the text.
TEST(Reassembler, GivesTheSameStreamWhateverTheOrderOfItsSegments) {
  std::mt19937 random{20231123};
  const auto below = [&](std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>{0, limit - 1}(random);
  };
  for (int round = 0; round < 2000; ++round) {
    std::string text(1 + below(200), 'x');
    for (auto& c : text) { c = static_cast<char>('a' + below(26)); }
    std::vector<Segment> segments;
    for (std::size_t at = 0; at < text.size();) {
      const auto size = 1 + below(std::min<std::size_t>(20, text.size() - at));
      segments.push_back({at, size});
      at += size;
    }
    for (auto extra = below(10); extra > 0; --extra) {
      const auto start = below(text.size());
      segments.push_back({start, 1 + below(std::min<std::size_t>(30, text.size() - start))});
    }
    std::ranges::shuffle(segments, random);
    Stream stream{text, static_cast<std::uint32_t>(random())};
    for (const auto& segment : segments) { stream.add(segment); }
    ASSERT_EQ(stream.out_, text) << "round " << round;
    ASSERT_EQ(stream.held_.now, 0U);
  }
}

}  // namespace
}  // namespace remora::capture
