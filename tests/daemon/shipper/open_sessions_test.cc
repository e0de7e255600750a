#include "daemon/shipper/open_sessions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/shipper/session_story.h"

namespace remora::shipper {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(OpenSessions, KnowsWhatIsOpenAndWhatWasLetIn) {
  OpenSessions sessions;
  sessions.take(opened("a", 1));
  sessions.take(opened("b", 2));
  sessions.take(accepted("b", 3));
  EXPECT_EQ(sessions.count(), 2U);
  EXPECT_EQ(sessions.accepted(), 1U);
  sessions.take(closed("a", 4));
  EXPECT_EQ(sessions.count(), 1U);
  sessions.take(closed("a", 5));
  EXPECT_EQ(sessions.count(), 1U);
}

TEST(OpenSessions, TellsTheLatestFirst) {
  OpenSessions sessions;
  EXPECT_EQ(sessions.to_json(10), "[\n]\n");
  sessions.take(opened("a", 1));
  sessions.take(opened("b", 2));
  const auto one = sessions.to_json(1);
  EXPECT_THAT(one, HasSubstr(R"("session_id":"b")"));
  EXPECT_THAT(one, Not(HasSubstr(R"("session_id":"a")")));
  const auto both = sessions.to_json(10);
  EXPECT_LT(both.find(R"("session_id":"b")"), both.find(R"("session_id":"a")"));
}

TEST(OpenSessions, HoldsNoMoreThanItsLimit) {
  OpenSessions sessions;
  for (std::size_t number = 0; number < OpenSessions::kMost + 10; ++number) {
    sessions.take(opened(std::to_string(number), 1));
  }
  EXPECT_EQ(sessions.count(), OpenSessions::kMost);
}

}  // namespace
}  // namespace remora::shipper
