#include "capture/source/pcapng_time.h"

#include <limits>

#include <gtest/gtest.h>

namespace remora::capture {
namespace {

constexpr auto kMost = std::numeric_limits<std::uint64_t>::max();

std::int64_t nanoseconds(std::uint64_t ticks, std::uint8_t resolution, std::int64_t offset = 0) {
  return to_moment(ticks, {.resolution = resolution, .offset_seconds = offset})
      .time_since_epoch()
      .count();
}

TEST(PcapngTime, CountsInPowersOfTen) {
  EXPECT_EQ(nanoseconds(7, 0), 7'000'000'000);
  EXPECT_EQ(nanoseconds(1'700'000'000'000'001, 6), 1'700'000'000'000'001'000);
  EXPECT_EQ(nanoseconds(1'700'000'000'000'000'001, 9), 1'700'000'000'000'000'001);
  EXPECT_EQ(nanoseconds(1'999, 12), 1);
  EXPECT_EQ(nanoseconds(kMost, 19), 1'844'674'407);
  EXPECT_EQ(nanoseconds(kMost, 28), 1);
  EXPECT_EQ(nanoseconds(kMost, 29), 0);
  EXPECT_EQ(nanoseconds(kMost, 127), 0);
}

TEST(PcapngTime, CountsInPowersOfTwo) {
  EXPECT_EQ(nanoseconds(7, 0x80), 7'000'000'000);
  EXPECT_EQ(nanoseconds(3, 0x81), 1'500'000'000);
  EXPECT_EQ(nanoseconds(1, 0x80 | 30), 0);
  EXPECT_EQ(nanoseconds(1ULL << 40U, 0x80 | 32), 256'000'000'000);
  EXPECT_EQ(nanoseconds(kMost, 0x80 | 64), 999'999'999);
  EXPECT_EQ(nanoseconds(kMost, 0xff), 0);
}

TEST(PcapngTime, AddsTheOffset) {
  EXPECT_EQ(nanoseconds(1, 6, 100), 100'000'001'000);
  EXPECT_EQ(nanoseconds(1, 6, -1), -999'999'000);
}

TEST(PcapngTime, ClampsSoThatTimesCanBeSubtracted) {
  constexpr auto kLargest = std::numeric_limits<std::int64_t>::max();
  constexpr auto kSmallest = std::numeric_limits<std::int64_t>::min();
  const auto latest = kLatest.time_since_epoch().count();
  EXPECT_EQ(nanoseconds(kMost, 0), latest);
  EXPECT_EQ(nanoseconds(kMost, 0x80, kLargest), latest);
  EXPECT_EQ(nanoseconds(0, 6, kSmallest), kEarliest.time_since_epoch().count());
  EXPECT_EQ(nanoseconds(static_cast<std::uint64_t>(latest) - 1, 9), latest - 1);
  EXPECT_EQ(nanoseconds(static_cast<std::uint64_t>(latest) + 1, 9), latest);
  EXPECT_EQ(nanoseconds(9'223'372'036'854'775'808U, 9), latest);
}

}  // namespace
}  // namespace remora::capture
