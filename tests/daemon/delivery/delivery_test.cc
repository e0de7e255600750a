#include "daemon/delivery/delivery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/delivery/scripted_output.h"
#include "tests/daemon/spool/spooled_events.h"
#include "tests/daemon/sqlite/scratch_file.h"

namespace remora::delivery {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using testing::ElementsAre;
using testing::IsEmpty;

class DeliveryTest : public testing::Test {
 protected:
  DeliveryTest() {
    std::string notice;
    auto opened = spool::Spool::open({.path = file_.path(), .outputs = {"fast", "slow"}}, notice);
    EXPECT_TRUE(opened.has_value());
    spool_ = std::move(*opened);
  }
  std::unique_ptr<Delivery> start() {
    std::vector<Destination> destinations;
    for (const auto& [name, receiver] : {std::pair{"fast", &fast_}, std::pair{"slow", &slow_}}) {
      Route route;
      route.name = name;
      route.batch.age = std::chrono::hours{1};
      route.retry = {.first = milliseconds{1}, .most = milliseconds{10}};
      destinations.push_back(
          {.route = std::move(route), .output = std::make_unique<ScriptedOutput>(*receiver)});
    }
    auto started = Delivery::start(std::move(destinations), *spool_);
    EXPECT_TRUE(started.has_value());
    return std::move(*started);
  }

  sqlite::ScratchFile file_;
  std::unique_ptr<spool::Spool> spool_;
  Receiver fast_;
  Receiver slow_;
};

TEST_F(DeliveryTest, EveryOutputGetsEveryEventWhateverTheOthersDo) {
  for (int round = 0; round < 20; ++round) {
    slow_.will_answer({.taken = 0, .refused = 0, .problem = "is down", .retry_after = {}});
  }
  const auto delivery = start();
  EXPECT_EQ(spool_->append(std::vector{spool::spoolable("1"), spool::spoolable("2")}).taken, 2U);
  EXPECT_EQ(spool_->append(std::vector{spool::spoolable("3")}).taken, 1U);
  EXPECT_TRUE(delivery->drain(minutes{5}));
  EXPECT_THAT(fast_.ids(), ElementsAre("1", "2", "3"));
  EXPECT_THAT(slow_.ids(), ElementsAre("1", "2", "3"));
  const auto progress = delivery->progress();
  ASSERT_EQ(progress.size(), 2U);
  EXPECT_EQ(progress[1].first, "slow");
  EXPECT_EQ(progress[1].second.sent, 3U);
  EXPECT_EQ(progress[1].second.failures, 20U);
}

TEST_F(DeliveryTest, GivesUpDrainingInTimeAndLeavesTheRestInTheSpool) {
  slow_.will_answer(
      {.taken = 0, .refused = 0, .problem = "is down", .retry_after = std::chrono::hours{1}});
  EXPECT_EQ(spool_->append(std::vector{spool::spoolable("1")}).taken, 1U);
  {
    const auto delivery = start();
    EXPECT_FALSE(delivery->drain(milliseconds{50}));
    while (slow_.batches().empty()) { std::this_thread::yield(); }
  }
  EXPECT_THAT(slow_.ids(), IsEmpty());
  EXPECT_EQ(spool_->waiting("slow"), 1U);
  const auto again = start();
  EXPECT_TRUE(again->drain(minutes{5}));
  EXPECT_THAT(slow_.ids(), ElementsAre("1"));
}

TEST_F(DeliveryTest, OpensAnewWhenAsked) {
  const auto delivery = start();
  delivery->reopen();
  while (fast_.reopened() == 0 || slow_.reopened() == 0) { std::this_thread::yield(); }
  EXPECT_EQ(fast_.reopened(), 1);
}

}  // namespace
}  // namespace remora::delivery
