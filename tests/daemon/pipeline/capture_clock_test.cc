#include "daemon/pipeline/capture_clock.h"

#include <chrono>

#include <gtest/gtest.h>

namespace remora::pipeline {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Moment kStart{seconds{1'700'000'000}};

TEST(Clock, TellsEachSecondOnce) {
  CaptureClock clock;
  EXPECT_TRUE(clock.on_frame(kStart));
  EXPECT_FALSE(clock.on_frame(kStart + milliseconds{900}));
  EXPECT_TRUE(clock.on_frame(kStart + milliseconds{1100}));
  EXPECT_EQ(clock.now(), kStart + milliseconds{1100});
}

TEST(Clock, NeverGoesBack) {
  CaptureClock clock;
  (void)clock.on_frame(kStart);
  EXPECT_FALSE(clock.on_frame(kStart - hours{5}));
  EXPECT_EQ(clock.now(), kStart);
}

TEST(Clock, DoesNotBelieveOneFrameFromTheFuture) {
  CaptureClock clock;
  (void)clock.on_frame(kStart);
  EXPECT_FALSE(clock.on_frame(kStart + hours{20000}));
  EXPECT_TRUE(clock.on_frame(kStart + seconds{1}));
  EXPECT_FALSE(clock.on_frame(kStart + hours{20000}));
  EXPECT_TRUE(clock.on_frame(kStart + seconds{2}));
  EXPECT_EQ(clock.now(), kStart + seconds{2});
}

TEST(Clock, DoesNotBelieveAFewFramesFromTheFuture) {
  CaptureClock clock;
  (void)clock.on_frame(kStart);
  for (int frame = 0; frame < 15; ++frame) {
    EXPECT_FALSE(clock.on_frame(kStart + hours{4} + milliseconds{frame}));
  }
  EXPECT_TRUE(clock.on_frame(kStart + seconds{1}));
  EXPECT_EQ(clock.now(), kStart + seconds{1});
}

TEST(Clock, LeapsOverAPauseOfTheCapture) {
  CaptureClock clock;
  (void)clock.on_frame(kStart);
  for (int frame = 0; frame < 15; ++frame) { EXPECT_FALSE(clock.on_frame(kStart + hours{8})); }
  EXPECT_TRUE(clock.on_frame(kStart + hours{8} + milliseconds{1}));
  EXPECT_EQ(clock.now(), kStart + hours{8} + milliseconds{1});
}

TEST(Clock, LeapsOverAPauseOfATrickle) {
  CaptureClock clock;
  (void)clock.on_frame(kStart);
  EXPECT_FALSE(clock.on_frame(kStart + hours{8}));
  EXPECT_FALSE(clock.on_frame(kStart + hours{8} + seconds{59}));
  EXPECT_TRUE(clock.on_frame(kStart + hours{8} + seconds{60}));
}

TEST(Clock, DoesNotLeapWhereFramesDisagree) {
  CaptureClock clock;
  (void)clock.on_frame(kStart);
  for (int frame = 0; frame < 100; ++frame) {
    EXPECT_FALSE(clock.on_frame(kStart + hours{24 * (1 + frame % 5)}));
  }
  EXPECT_EQ(clock.now(), kStart);
}

TEST(Clock, BeginsAnewAfterAFirstFrameFromTheFuture) {
  CaptureClock clock;
  EXPECT_TRUE(clock.on_frame(kStart + hours{70'000}));
  for (int frame = 0; frame < 63; ++frame) { EXPECT_FALSE(clock.on_frame(kStart)); }
  EXPECT_TRUE(clock.on_frame(kStart));
  EXPECT_EQ(clock.now(), kStart);
  EXPECT_TRUE(clock.on_frame(kStart + seconds{1}));
}

}  // namespace
}  // namespace remora::pipeline
