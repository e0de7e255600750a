#include "daemon/delivery/courier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/delivery/scripted_output.h"
#include "tests/daemon/spool/spooled_events.h"
#include "tests/daemon/sqlite/scratch_file.h"

namespace remora::delivery {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

class CourierTest : public testing::Test {
 protected:
  CourierTest() {
    std::string notice;
    auto opened = spool::Spool::open({.path = file_.path(), .outputs = {"out"}}, notice);
    EXPECT_TRUE(opened.has_value());
    spool_ = std::move(*opened);
  }
  Courier courier(BatchLimits batch = {.events = 3, .bytes = 1'000'000, .age = seconds{10}},
                  const std::string& filter = "") {
    config::Problems problems;
    auto map = config::Map::read_text(filter, "r.yaml", problems);
    return {{.name = "out",
             .filter = Filter::read(map),
             .batch = batch,
             .retry = {.first = milliseconds{1000}, .most = milliseconds{8000}}},
            std::make_unique<ScriptedOutput>(receiver_),
            *spool_,
            std::move(*spool::SpoolReader::open(file_.path())),
            1};
  }
  void append(const std::vector<std::string>& ids, Importance importance = Importance::kRecord) {
    std::vector<spool::Spoolable> events;
    for (const auto& id : ids) { events.push_back(spool::spoolable(id, importance)); }
    EXPECT_TRUE(spool_->append(events).taken);
  }

  sqlite::ScratchFile file_;
  std::unique_ptr<spool::Spool> spool_;
  Receiver receiver_;
  Clock::time_point start_{std::chrono::hours{1}};
};

TEST_F(CourierTest, SendsFullBatchesAtOnceAndOthersWhenTheyAreOld) {
  append({"1", "2", "3", "4"});
  auto courier = this->courier();
  EXPECT_EQ(courier.step(start_, false), milliseconds{0});
  EXPECT_THAT(receiver_.ids(), ElementsAre("1", "2", "3"));
  EXPECT_EQ(courier.step(start_, false), seconds{10});
  EXPECT_EQ(courier.step(start_ + seconds{9}, false), seconds{1});
  EXPECT_EQ(courier.step(start_ + seconds{10}, false), milliseconds{0});
  EXPECT_THAT(receiver_.ids(), ElementsAre("1", "2", "3", "4"));
  EXPECT_TRUE(spool_->settled());
}

TEST_F(CourierTest, DoesNotWaitForMoreInAHurry) {
  append({"1"});
  auto courier = this->courier();
  EXPECT_EQ(courier.step(start_, true), milliseconds{0});
  EXPECT_THAT(receiver_.ids(), ElementsAre("1"));
}

TEST_F(CourierTest, KeepsToTheBytesOfABatchAndSendsWhatIsLargerAlone) {
  append({std::string(60, 'a'), std::string(60, 'b'), "c", std::string(500, 'd'), "e"});
  auto courier = this->courier({.events = 100, .bytes = 150, .age = seconds{0}});
  while (courier.step(start_, false) == milliseconds{0}) {}
  EXPECT_THAT(receiver_.batches(), ElementsAre(3, 1, 1));
}

TEST_F(CourierTest, TriesAgainAfterPausesThatGrowAndLosesNothing) {
  append({"1", "2", "3"});
  auto courier = this->courier();
  receiver_.will_answer({.taken = 0, .refused = 0, .problem = "is down", .retry_after = {}});
  receiver_.will_answer({.taken = 1, .refused = 0, .problem = "went away", .retry_after = {}});
  receiver_.will_answer({.taken = 0, .refused = 0, .problem = "busy", .retry_after = seconds{20}});
  auto now = start_;
  auto pause = courier.step(now, false);
  EXPECT_GE(pause, milliseconds{800});
  EXPECT_LE(pause, milliseconds{1200});
  EXPECT_TRUE(courier.pausing(now));
  EXPECT_EQ(courier.progress().problem, "is down");
  EXPECT_EQ(courier.step(now, false), pause);  // too early: nothing is sent
  EXPECT_THAT(receiver_.batches(), ElementsAre(3));
  now += pause;
  pause = courier.step(now, false);
  EXPECT_EQ(spool_->acknowledged("out"), 1U);
  now += pause;
  EXPECT_EQ(courier.step(now, true), seconds{20});
  now += seconds{20};
  EXPECT_EQ(courier.step(now, true), milliseconds{0});
  EXPECT_THAT(receiver_.ids(), ElementsAre("1", "2", "3"));
  EXPECT_THAT(receiver_.batches(), ElementsAre(3, 3, 2, 2));
  const auto progress = courier.progress();
  EXPECT_EQ(progress.sent, 3U);
  EXPECT_EQ(progress.failures, 3U);
  EXPECT_EQ(progress.problem, "");
}

TEST_F(CourierTest, CountsWhatIsRefusedForGoodAndGoesOn) {
  append({"1", "2", "3"});
  auto courier = this->courier();
  receiver_.will_answer(
      {.taken = 3, .refused = 2, .problem = "2 are too large", .retry_after = {}});
  EXPECT_EQ(courier.step(start_, false), milliseconds{0});
  const auto progress = courier.progress();
  EXPECT_EQ(progress.sent, 1U);
  EXPECT_EQ(progress.refused, 2U);
  EXPECT_EQ(progress.problem, "2 are too large");
  EXPECT_TRUE(spool_->settled());
}

TEST_F(CourierTest, AnOutputThatClaimsTooMuchIsNotBelieved) {
  append({"1", "2"});
  auto courier = this->courier();
  receiver_.will_answer({.taken = 0, .refused = 9, .problem = "no", .retry_after = {}});
  (void)courier.step(start_, true);
  EXPECT_EQ(courier.progress().refused, 0U);
  EXPECT_FALSE(spool_->settled());
}

TEST_F(CourierTest, PassesOverWhatTheOutputDoesNotWant) {
  append({"h1", "h2", "h3", "h4"}, Importance::kCounters);
  append({"1"});
  append({"h5"}, Importance::kCounters);
  auto courier =
      this->courier({.events = 3, .bytes = 1'000'000, .age = seconds{0}}, "except: sensor_health");
  while (courier.step(start_, false) == milliseconds{0}) {}
  EXPECT_THAT(receiver_.ids(), ElementsAre("1"));
  EXPECT_EQ(courier.progress().skipped, 5U);
  EXPECT_TRUE(spool_->settled());
}

TEST_F(CourierTest, BeginsWhereItEndedLastTime) {
  append({"1", "2", "3", "4"});
  {
    auto courier = this->courier();
    (void)courier.step(start_, false);
  }
  auto again = courier();
  (void)again.step(start_, true);
  EXPECT_THAT(receiver_.ids(), ElementsAre("1", "2", "3", "4"));
}

}  // namespace
}  // namespace remora::delivery
