// Segments that no receiver takes, or nobody has acknowledged, do not move a stream.

#include <string>

#include <gtest/gtest.h>

#include "capture/flow/reassembler.h"

namespace remora::capture {
namespace {

using std::chrono::seconds;

constexpr std::uint32_t kInitial = 4'000'000'000;  ///< its numbers wrap within 300 MB

/// A stream whose peer has answered the SYN.
class Window : public ::testing::Test {
 protected:
  Window() {
    stream_.begin(kInitial);
    stream_.expect_acknowledgements(now_);
  }

  Reassembler::Arrival add(std::size_t offset, std::string_view text) {
    ++frame_;
    const auto arrival = stream_.add(sequence_of(offset), as_bytes(text), 0,
                                     {.time = now_, .frame = FrameNumber{frame_}});
    drain();
    return arrival;
  }
  void acknowledge(std::size_t offset, std::uint32_t window = 0) {
    stream_.acknowledged(sequence_of(offset), window, now_);
    drain();
  }
  void drain(bool at_end = false) {
    while (const auto piece = stream_.next(now_, at_end)) {
      if (piece->gap_bytes > 0) { out_ += '[' + std::to_string(piece->gap_bytes) + ']'; }
      out_ += as_text(piece->bytes);
    }
  }
  static std::uint32_t sequence_of(std::size_t offset) {
    return kInitial + 1 + static_cast<std::uint32_t>(offset);
  }

  Moment now_{seconds{100}};
  FlowLimits limits_;
  HeldBytes held_;
  EvasionSet evasions_;
  Reassembler stream_{limits_, held_, &evasions_};
  std::string out_;
  std::uint64_t frame_{0};
};

using Arrival = Reassembler::Arrival;

TEST_F(Window, IsNotPassedByWhatLiesBeyond) {
  add(0, "abcd");
  acknowledge(4, 1000);
  EXPECT_EQ(add(4 + 65536, "junk"), Arrival::kOutsideWindow);
  EXPECT_EQ(held_.now, 0U);
  EXPECT_FALSE(evasions_.has(Evasion::kBeyondWindow)) << "the capture may have lost something";
  acknowledge(4, 1000);
  const auto noted = evasions_.take_unreported();
  ASSERT_TRUE(noted.has_value());
  EXPECT_EQ(noted->kind, Evasion::kBeyondWindow);
  EXPECT_EQ(noted->at.frame, FrameNumber{2});
  add(4, "efgh");
  EXPECT_EQ(out_, "abcdefgh");
}

TEST_F(Window, ReachesAsFarAsThePeerSays) {
  acknowledge(0, 4U << 20U);
  EXPECT_EQ(add((4U << 20U) - 1, "x"), Arrival::kNew);
  EXPECT_EQ(add(4U << 20U, "x"), Arrival::kOutsideWindow);
  acknowledge(0, 100);
  EXPECT_EQ(add(3U << 20U, "x"), Arrival::kNew) << "a window does not shrink";
}

TEST_F(Window, IsNoLimitForWhatIsExpected) {
  for (std::size_t at = 0; at < 200'000; at += 1000) { add(at, std::string(1000, 'x')); }
  EXPECT_EQ(out_.size(), 200'000U);
  EXPECT_EQ(add(201'000, "later"), Arrival::kNew) << "its acknowledgements were lost";
}

TEST_F(Window, AHoleBeyondItIsPassedOnceThePeerKnowsMore) {
  add(0, "abcd");
  EXPECT_EQ(add(100'000, "lost in the capture"), Arrival::kOutsideWindow);
  acknowledge(100'019);
  EXPECT_FALSE(evasions_.has(Evasion::kBeyondWindow));
  EXPECT_EQ(add(100'019, "on"), Arrival::kNew);
  acknowledge(100'021);
  now_ += seconds{3};
  drain();
  EXPECT_EQ(out_, "abcd[100015]on");
}

TEST_F(Window, AFloodWithinItDropsOnlyItself) {
  acknowledge(0, 16U << 20U);
  for (std::size_t n = 0; n < 2000; ++n) { add(5000 + n * 2, "x"); }
  EXPECT_LE(stream_.memory_bytes(), 512U * 128U);
  EXPECT_EQ(out_, "");
  add(0, "abcd");
  EXPECT_EQ(out_, "abcd");
  EXPECT_EQ(stream_.gap_bytes(), 0U);
}

TEST_F(Window, WhatIsNearestStaysWhenALimitIsMet) {
  limits_.out_of_order_bytes = 8;
  add(4, "efgh");
  add(8, "ijkl");
  add(12, "mnop");
  add(0, "abcd");
  EXPECT_EQ(out_, "abcdefghijkl");
}

TEST_F(Window, IsNoLimitWhereThePeerIsNotCapturedAnyMore) {
  add(0, "abcd");
  acknowledge(4);
  for (std::size_t n = 0; n < 20; ++n) { add(100'000 + n, "x"); }
  now_ += seconds{59};
  EXPECT_EQ(add(100'020, "x"), Arrival::kOutsideWindow);
  now_ += seconds{2};
  EXPECT_EQ(add(100'021, "yz"), Arrival::kNew);
  now_ += seconds{11};
  drain();
  EXPECT_EQ(out_, "abcd[100017]yz");
}

TEST_F(Window, TellsWhichAcknowledgementsAreFarOff) {
  EXPECT_TRUE(stream_.may_be_acknowledged(sequence_of(0)));
  EXPECT_TRUE(stream_.may_be_acknowledged(sequence_of(65'536)));
  EXPECT_FALSE(stream_.may_be_acknowledged(sequence_of(65'537)));
  EXPECT_FALSE(stream_.may_be_acknowledged(sequence_of(900'000'000)));
  add(0, "abcd");
  EXPECT_TRUE(stream_.may_be_acknowledged(sequence_of(10'000'000))) << "the capture may lose much";
  EXPECT_FALSE(stream_.may_be_acknowledged(sequence_of(900'000'000)));
  EXPECT_FALSE(stream_.may_be_acknowledged(sequence_of(0) - 900'000'000));
}

TEST_F(Window, TellsWhatContradicts) {
  add(0, "abcd");
  EXPECT_FALSE(stream_.contradicts(sequence_of(0), as_bytes("abcdefgh")));
  EXPECT_TRUE(stream_.contradicts(sequence_of(0), as_bytes("abXd")));
}

}  // namespace
}  // namespace remora::capture
