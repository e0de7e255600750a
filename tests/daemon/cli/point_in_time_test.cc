#include "daemon/cli/point_in_time.h"

#include <gtest/gtest.h>

namespace remora::cli {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kNow = 2'000'000'000 * kSecond;

TEST(PointInTime, ReadsTimesAndDays) {
  EXPECT_EQ(read_point_in_time("1970-01-02T00:00:01Z", kNow), 86401 * kSecond);
  EXPECT_EQ(read_point_in_time("1970-01-02T00:00:01.5+01:00", kNow), 82801 * kSecond + kSecond / 2);
  EXPECT_EQ(read_point_in_time("1970-01-02", kNow), 86400 * kSecond);
}

TEST(PointInTime, ReadsHowLongAgo) {
  EXPECT_EQ(read_point_in_time("90s", kNow), kNow - 90 * kSecond);
  EXPECT_EQ(read_point_in_time("30m", kNow), kNow - 1800 * kSecond);
  EXPECT_EQ(read_point_in_time("24h", kNow), kNow - 86400 * kSecond);
  EXPECT_EQ(read_point_in_time("7d", kNow), kNow - 604800 * kSecond);
  EXPECT_EQ(read_point_in_time("2w", kNow), kNow - 1209600 * kSecond);
}

TEST(PointInTime, ReadsNothingElse) {
  for (const char* text : {"", "s", "7", "7y", "-1d", "+1d", " 7d", "7d ", "1.5h", "yesterday",
                           "2026-13-01", "2026-11-31", "2026-11-29T25:00:00Z", "29.11.2026",
                           "99999999999999999999d", "9223372036854775807w", "40000d"}) {
    EXPECT_EQ(read_point_in_time(text, kNow), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace remora::cli
