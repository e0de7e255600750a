#include "daemon/log/rate_limit.h"

#include <gtest/gtest.h>

namespace remora::log {
namespace {

using std::chrono::seconds;

constexpr RateLimit::Time kStart{std::chrono::hours{1}};

TEST(RateLimitTest, LetsTenOfATextThroughInAMinute) {
  RateLimit limit;
  for (int i = 0; i < 10; ++i) { EXPECT_TRUE(limit.allows("a", Level::kInfo, kStart)); }
  EXPECT_FALSE(limit.allows("a", Level::kInfo, kStart + seconds{59}));
  EXPECT_TRUE(limit.allows("b", Level::kInfo, kStart + seconds{59}));
}

TEST(RateLimitTest, TellsOnceHowManyWereLeftOut) {
  RateLimit limit;
  for (int i = 0; i < 25; ++i) { (void)limit.allows("a", Level::kWarning, kStart); }
  (void)limit.allows("b", Level::kInfo, kStart);
  EXPECT_TRUE(limit.over(kStart + seconds{59}).empty());
  const auto told = limit.over(kStart + seconds{60});
  ASSERT_EQ(told.size(), 1);
  EXPECT_EQ(told[0].text.text(), "a");
  EXPECT_EQ(told[0].level, Level::kWarning);
  EXPECT_EQ(told[0].times, 15);
  EXPECT_TRUE(limit.over(kStart + seconds{61}).empty());
}

TEST(RateLimitTest, LetsTenThroughAgainInTheNextMinute) {
  RateLimit limit;
  for (int i = 0; i < 25; ++i) { (void)limit.allows("a", Level::kInfo, kStart); }
  const auto later = kStart + seconds{60};
  (void)limit.over(later);
  for (int i = 0; i < 10; ++i) { EXPECT_TRUE(limit.allows("a", Level::kInfo, later)); }
  EXPECT_FALSE(limit.allows("a", Level::kInfo, later));
}

}  // namespace
}  // namespace remora::log
