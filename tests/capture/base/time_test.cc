#include "capture/base/time.h"

#include <gtest/gtest.h>

namespace remora {
namespace {

TEST(Time, IsWrittenWithNineDigitsAndZ) {
  EXPECT_EQ(to_rfc3339(Moment{}), "1970-01-01T00:00:00.000000000Z");
  EXPECT_EQ(to_rfc3339(Moment{Nanoseconds{1'795'421'401'496'832'000}}),
            "2026-11-23T08:10:01.496832000Z");
}

TEST(Time, BeforeTheEpochCountsDownwards) {
  EXPECT_EQ(to_rfc3339(Moment{Nanoseconds{-1}}), "1969-12-31T23:59:59.999999999Z");
  EXPECT_EQ(to_rfc3339(Moment{std::chrono::seconds{-1}}), "1969-12-31T23:59:59.000000000Z");
}

TEST(Time, IsWrittenAtBothEndsOfItsRange) {
  EXPECT_EQ(to_rfc3339(Moment::min()), "1677-09-21T00:12:43.145224192Z");
  EXPECT_EQ(to_rfc3339(Moment::max()), "2262-04-11T23:47:16.854775807Z");
}

TEST(Time, KnowsLeapDays) {
  EXPECT_EQ(to_rfc3339(Moment{std::chrono::seconds{951'782'400}}),
            "2000-02-29T00:00:00.000000000Z");
}

}  // namespace
}  // namespace remora
