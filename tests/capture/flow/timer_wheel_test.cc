#include "capture/flow/timer_wheel.h"

#include <set>

#include <gtest/gtest.h>

namespace remora::capture {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

class Wheel : public ::testing::Test {
 protected:
  Wheel() { wheel_.start(0); }

  SlotNumber file(Nanoseconds due) {
    const auto slot = slab_.take();
    wheel_.file(slot, Moment{due});
    return slot;
  }
  std::set<SlotNumber> advance(Tick now) {
    std::set<SlotNumber> seen;
    wheel_.advance(now, [&](SlotNumber slot) { EXPECT_TRUE(seen.insert(slot).second); });
    return seen;
  }

  FlowSlab slab_;
  TimerWheel wheel_{slab_};
};

TEST_F(Wheel, BringsAFlowUpAtTheFirstTickThatIsNotBeforeItsTime) {
  const auto whole = file(seconds{3});
  const auto part = file(milliseconds{3001});
  EXPECT_TRUE(advance(2).empty());
  EXPECT_EQ(advance(3), std::set{whole});
  EXPECT_EQ(advance(4), std::set{part});
}

TEST_F(Wheel, BringsUpAtTheNextTickWhatIsOverdue) {
  EXPECT_TRUE(advance(100).empty());
  const auto slot = file(seconds{5});
  EXPECT_TRUE(advance(100).empty());
  EXPECT_EQ(advance(101), std::set{slot});
}

TEST_F(Wheel, LooksEarlierAtWhatIsDueBeyondItsRange) {
  const auto slot = file(hours{24});
  EXPECT_TRUE(advance(4094).empty());
  EXPECT_EQ(advance(4095), std::set{slot});
}

TEST_F(Wheel, JumpsOverYearsByLookingAtEachFlowOnce) {
  std::set<SlotNumber> all;
  for (int due = 1; due <= 5000; ++due) { all.insert(file(seconds{due})); }
  EXPECT_EQ(advance(20LL * 365 * 86'400), all);
  EXPECT_TRUE(advance(21LL * 365 * 86'400).empty());
}

TEST_F(Wheel, FilesAgainWhileItJumps) {
  const auto slot = file(seconds{2});
  int looks = 0;
  wheel_.advance(10'000, [&](SlotNumber seen) {
    EXPECT_EQ(seen, slot);
    ++looks;
    wheel_.file(seen, Moment{seconds{20'000}});
  });
  EXPECT_GE(looks, 1);
  EXPECT_LE(looks, 2);
  EXPECT_EQ(advance(30'000), std::set{slot});
}

TEST_F(Wheel, StandsStillWhenTimeGoesBack) {
  const auto slot = file(seconds{50});
  EXPECT_TRUE(advance(40).empty());
  EXPECT_TRUE(advance(10).empty());
  EXPECT_EQ(wheel_.now(), 40);
  EXPECT_EQ(advance(50), std::set{slot});
}

TEST_F(Wheel, TakesAFlowOutOfAnyPlaceInItsBucket) {
  const auto first = file(seconds{9});
  const auto second = file(seconds{9});
  const auto third = file(seconds{9});
  wheel_.remove(second);
  wheel_.remove(third);
  EXPECT_EQ(advance(9), std::set{first});
}

TEST_F(Wheel, KnowsTimesBefore1970) {
  TimerWheel early{slab_};
  early.start(-100);
  const auto slot = slab_.take();
  early.file(slot, Moment{milliseconds{-49'500}});
  int looks = 0;
  early.advance(-50, [&](SlotNumber) { ++looks; });
  EXPECT_EQ(looks, 0);
  early.advance(-49, [&](SlotNumber) { ++looks; });
  EXPECT_EQ(looks, 1);
}

}  // namespace
}  // namespace remora::capture
