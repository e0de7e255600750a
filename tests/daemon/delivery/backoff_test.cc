#include "daemon/delivery/backoff.h"

#include <gtest/gtest.h>

namespace remora::delivery {
namespace {

using std::chrono::milliseconds;

TEST(Backoff, DoublesUpToTheMostWithAFifthEitherWay) {
  Backoff backoff{{.first = milliseconds{100}, .most = milliseconds{1000}}, 1};
  for (const int expected : {100, 200, 400, 800, 1000, 1000}) {
    const auto pause = backoff.next().count();
    EXPECT_GE(pause, expected * 8 / 10);
    EXPECT_LE(pause, expected * 12 / 10);
  }
  for (int round = 0; round < 1000; ++round) { EXPECT_LE(backoff.next().count(), 1200); }
  backoff.reset();
  EXPECT_LE(backoff.next().count(), 120);
}

TEST(Backoff, TwoOutputsDoNotComeBackTogether) {
  const RetryPolicy policy{.first = milliseconds{10'000}, .most = milliseconds{10'000}};
  EXPECT_NE(Backoff(policy, 1).next(), Backoff(policy, 2).next());
}

TEST(Backoff, WaitsAsLongAsTheReceiverAsksWithinReason) {
  Backoff backoff{{.first = milliseconds{100}, .most = milliseconds{1000}}, 1};
  EXPECT_EQ(backoff.next(milliseconds{60'000}), milliseconds{60'000});
  EXPECT_EQ(backoff.next(std::chrono::hours{24 * 365}), std::chrono::hours{1});
  EXPECT_GE(backoff.next(milliseconds{0}), milliseconds{320});
}

}  // namespace
}  // namespace remora::delivery
