#include "capture/live/frame_merger.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace remora::capture {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class FrameMergerTest : public ::testing::Test {
 protected:
  FrameMerger make(std::size_t interfaces, MergeSettings settings = {}) {
    FrameMerger merger{interfaces, settings, [this](std::size_t interface, const Frame& frame) {
                         told_.push_back(std::to_string(interface) + ":" +
                                         std::to_string(frame.at.time.time_since_epoch().count()) +
                                         std::string{as_text(frame.bytes)});
                         last_bytes_ = frame.bytes.data();
                         last_ = frame;
                       }};
    for (std::size_t i = 0; i < interfaces; ++i) { merger.set_open(i, true); }
    return merger;
  }

  /// The bytes are gone after the call, as those of a ring are.
  void push(FrameMerger& merger, std::size_t interface, int time, std::string bytes = "") {
    merger.push(interface,
                {.at = {.time = Moment{Nanoseconds{time}}},
                 .link = LinkType::kEthernet,
                 .bytes = as_bytes(bytes),
                 .wire_bytes = 1000},
                now_);
    std::ranges::fill(bytes, '!');
  }

  std::vector<std::string> told() { return std::exchange(told_, {}); }

  LoopTime now_{};
  std::vector<std::string> told_;
  const std::byte* last_bytes_{nullptr};
  Frame last_;
};

TEST_F(FrameMergerTest, OneInterfacePassesStraightThrough) {
  auto merger = make(1);
  const std::string bytes = "abc";
  merger.push(0, {.at = {.time = Moment{Nanoseconds{5}}}, .bytes = as_bytes(bytes)}, now_);
  EXPECT_EQ(last_bytes_, as_bytes(bytes).data()) << "copied";
  push(merger, 0, 3);  // and keeps its order when its clock steps
  EXPECT_THAT(told(), ElementsAre("0:5abc", "0:3"));
  EXPECT_FALSE(merger.holds_any());
}

TEST_F(FrameMergerTest, AFrameWaitsUntilTheOtherHasShownOneAsLate) {
  auto merger = make(2);
  push(merger, 0, 10, "a");
  push(merger, 0, 30, "c");
  EXPECT_THAT(told(), IsEmpty());
  push(merger, 1, 20, "b");
  EXPECT_THAT(told(), ElementsAre("0:10a", "1:20b")) << "0 has shown 30, so 20 can go";
  push(merger, 1, 30, "d");
  EXPECT_THAT(told(), ElementsAre("0:30c", "1:30d"));
  EXPECT_EQ(merger.held_bytes(), 0U);
}

TEST_F(FrameMergerTest, KeepsAllOfAFrame) {
  auto merger = make(2);
  push(merger, 0, 10, "content");
  push(merger, 1, 10);
  merger.flush();
  EXPECT_EQ(told().front(), "0:10content");
  push(merger, 1, 20, "x");
  merger.flush();
  EXPECT_EQ(last_.link, LinkType::kEthernet);
  EXPECT_EQ(last_.wire_bytes, 1000U);
  EXPECT_EQ(last_.memory, nullptr);
}

TEST_F(FrameMergerTest, BlocksOfTwoDirectionsAreInterleaved) {
  auto merger = make(2);
  for (const int time : {1, 3, 5, 7}) { push(merger, 0, time); }
  for (const int time : {2, 4, 6, 8}) { push(merger, 1, time); }
  EXPECT_THAT(told(), ElementsAre("0:1", "1:2", "0:3", "1:4", "0:5", "1:6", "0:7"));
  merger.flush();
  EXPECT_THAT(told(), ElementsAre("1:8"));
}

TEST_F(FrameMergerTest, EqualTimesGoInOrderOfTheInterfaces) {
  auto merger = make(3);
  push(merger, 2, 10);
  push(merger, 1, 10);
  push(merger, 0, 10);
  EXPECT_THAT(told(), ElementsAre("0:10", "1:10", "2:10"));
}

TEST_F(FrameMergerTest, ASilentInterfaceHoldsOthersOnlySoLong) {
  auto merger = make(2, {.hold = milliseconds{100}});
  push(merger, 0, 10);
  now_ += milliseconds{60};
  push(merger, 0, 20);
  merger.release(now_);
  EXPECT_THAT(told(), IsEmpty());
  now_ += milliseconds{40};
  merger.release(now_);
  EXPECT_THAT(told(), ElementsAre("0:10"));
  now_ += milliseconds{60};
  merger.release(now_);
  EXPECT_THAT(told(), ElementsAre("0:20"));
  EXPECT_FALSE(merger.holds_any());
}

TEST_F(FrameMergerTest, WithWhatHasWaitedGoesWhatIsEarlier) {
  auto merger = make(3, {.hold = milliseconds{100}});
  push(merger, 0, 20);
  now_ += milliseconds{99};
  push(merger, 1, 10);
  push(merger, 1, 30);
  now_ += milliseconds{1};
  merger.release(now_);
  EXPECT_THAT(told(), ElementsAre("1:10", "0:20")) << "2 is silent; 30 came later";
}

TEST_F(FrameMergerTest, TheCallersTimeIsNotComparedWithTheFrames) {
  auto merger = make(2, {.hold = milliseconds{100}});
  now_ += std::chrono::hours{100};
  push(merger, 0, 1'000'000'000);
  merger.release(now_);
  EXPECT_THAT(told(), IsEmpty());
  now_ -= std::chrono::hours{50};  // not promised, and harmless
  merger.release(now_);
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(FrameMergerTest, ClosedInterfacesAreNotWaitedFor) {
  auto merger = make(2);
  push(merger, 0, 10);
  merger.set_open(1, false);
  merger.release(now_);
  EXPECT_THAT(told(), ElementsAre("0:10"));
  push(merger, 0, 20);
  EXPECT_THAT(told(), ElementsAre("0:20"));
  merger.set_open(1, true);
  push(merger, 0, 30);
  EXPECT_THAT(told(), IsEmpty()) << "it is waited for again";
}

TEST_F(FrameMergerTest, WhatAnInterfaceShowedBeforeItWasAwayDoesNotCount) {
  auto merger = make(2);
  push(merger, 1, 1000);
  merger.flush();
  merger.set_open(1, false);
  merger.set_open(1, true);
  told();
  push(merger, 0, 500);
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(FrameMergerTest, FramesOfAClosedInterfaceStayInTheOrder) {
  auto merger = make(3);
  push(merger, 0, 10);
  push(merger, 0, 30);
  push(merger, 1, 20);
  merger.set_open(0, false);
  push(merger, 0, 40);  // what was left in its ring
  EXPECT_THAT(told(), IsEmpty());
  push(merger, 2, 50);
  EXPECT_THAT(told(), ElementsAre("0:10", "1:20"));
  push(merger, 1, 60);
  EXPECT_THAT(told(), ElementsAre("0:30", "0:40", "2:50"));
}

TEST_F(FrameMergerTest, AClockThatStepsBackKeepsEachInterfacesOrder) {
  auto merger = make(2, {.hold = milliseconds{100}});
  push(merger, 0, 100);
  push(merger, 0, 110);
  push(merger, 0, 50);  // the step
  push(merger, 1, 105);
  EXPECT_THAT(told(), ElementsAre("0:100", "1:105"));
  push(merger, 1, 55);
  EXPECT_THAT(told(), ElementsAre("1:55"));
  now_ += milliseconds{100};
  merger.release(now_);
  EXPECT_THAT(told(), ElementsAre("0:110", "0:50"));
}

TEST_F(FrameMergerTest, AfterAStepBackTheOtherIsWaitedForAgain) {
  auto merger = make(2);
  push(merger, 0, 1000);
  push(merger, 1, 1000);
  push(merger, 1, 10);  // stepped
  EXPECT_THAT(told(), ElementsAre("0:1000", "1:1000", "1:10"));
  push(merger, 0, 500);
  EXPECT_THAT(told(), IsEmpty()) << "1 showed 1000 before the step, but then 10";
}

TEST_F(FrameMergerTest, AtTheLimitTheEarliestGo) {
  Frame hundred;
  const std::string bytes(100, 'x');
  hundred.bytes = as_bytes(bytes);
  auto merger = make(2, {.limit_bytes = 3 * FrameQueue::cost(hundred)});
  for (const int time : {10, 20, 30}) { push(merger, 0, time, bytes); }
  EXPECT_THAT(told(), IsEmpty());
  push(merger, 0, 40, bytes);
  EXPECT_THAT(told(), ElementsAre("0:10" + bytes));
  EXPECT_EQ(merger.held_bytes(), 3 * FrameQueue::cost(hundred));
  push(merger, 0, 50, std::string(250, 'y'));
  EXPECT_THAT(told(), ElementsAre("0:20" + bytes, "0:30" + bytes)) << "as many as it takes";
}

TEST_F(FrameMergerTest, EmptyFramesCostToo) {
  auto merger = make(2, {.limit_bytes = 10 * FrameQueue::cost(Frame{})});
  for (int time = 0; time < 100; ++time) { push(merger, 0, time); }
  EXPECT_EQ(told().size(), 90U);
}

TEST_F(FrameMergerTest, FramesOfAnySizeStayWhole) {
  auto merger = make(2, {.hold = milliseconds{100}, .limit_bytes = std::size_t{1} << 30U});
  std::mt19937 random{7};
  std::vector<std::string> expected;
  for (int round = 0; round < 3; ++round) {  // chunks are used again
    for (int i = 0; i < 300; ++i) {
      const int time = round * 1000 + i;
      std::string bytes(i % 50 == 3 ? 300'000 : random() % 9000, static_cast<char>('a' + i % 26));
      expected.push_back("0:" + std::to_string(time) + bytes);
      push(merger, 0, time, bytes);
    }
    now_ += milliseconds{100};
    merger.release(now_);
  }
  EXPECT_TRUE(told() == expected);
  EXPECT_EQ(merger.held_bytes(), 0U);
}

TEST_F(FrameMergerTest, HowBlocksComeDoesNotChangeTheOrder) {
  std::mt19937 random{20261130};
  std::vector<std::vector<int>> frames(3);
  std::vector<int> all(600);
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i] = static_cast<int>(i);
    frames[random() % 3].push_back(all[i]);
  }
  for (int round = 0; round < 20; ++round) {
    auto merger = make(3);
    std::vector<std::size_t> next(3);
    bool any = true;
    while (any) {
      any = false;
      for (std::size_t i = 0; i < 3; ++i) {
        for (auto count = random() % 40; count > 0 && next[i] < frames[i].size(); --count) {
          push(merger, i, frames[i][next[i]++]);
        }
        any = any || next[i] < frames[i].size();
      }
    }
    merger.flush();
    std::vector<int> times;
    for (const auto& text : told()) { times.push_back(std::stoi(text.substr(2))); }
    ASSERT_TRUE(times == all);
  }
}

}  // namespace
}  // namespace remora::capture
