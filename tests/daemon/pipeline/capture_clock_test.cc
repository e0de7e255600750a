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

TEST(Clock, LeapsOverAPauseOfTheCapture) {
  CaptureClock clock;
  (void)clock.on_frame(kStart);
  EXPECT_FALSE(clock.on_frame(kStart + hours{8}));
  EXPECT_TRUE(clock.on_frame(kStart + hours{8} + milliseconds{1}));
  EXPECT_EQ(clock.now(), kStart + hours{8} + milliseconds{1});
}

}  // namespace
}  // namespace remora::pipeline
