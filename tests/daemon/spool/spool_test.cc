#include "daemon/spool/spool.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/spool/spooled_events.h"
#include "tests/daemon/sqlite/scratch_file.h"

namespace remora::spool {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

class SpoolTest : public testing::Test {
 protected:
  std::unique_ptr<Spool> open(std::vector<std::string> outputs = {"a", "b"},
                              Overflow overflow = Overflow::kGiveUpLeast,
                              std::uint64_t max_bytes = std::uint64_t{64} << 20U) {
    auto opened = Spool::open({.path = file_.path(),
                               .max_bytes = max_bytes,
                               .overflow = overflow,
                               .outputs = std::move(outputs)},
                              notice_);
    if (!opened.has_value()) {
      ADD_FAILURE() << opened.error();
      return nullptr;
    }
    return std::move(*opened);
  }
  static void append(Spool& spool, const std::vector<std::string>& ids) {
    std::vector<Spoolable> events;
    for (const auto& id : ids) { events.push_back(spoolable(id)); }
    const auto appended = spool.append(events);
    EXPECT_EQ(appended.taken, ids.size()) << appended.problem;
    EXPECT_EQ(appended.given_up, 0U);
  }
  [[nodiscard]] std::vector<std::string> ids() const { return ids_after(file_.path(), 0); }

  sqlite::ScratchFile file_;
  std::string notice_;
};

TEST_F(SpoolTest, KeepsEventsInOrderAndAcrossOpenings) {
  {
    auto spool = open();
    append(*spool, {"1", "2"});
    append(*spool, {"3"});
    EXPECT_EQ(spool->last(), 3U);
    EXPECT_FALSE(spool->settled());
  }
  auto spool = open();
  EXPECT_EQ(notice_, "");
  EXPECT_EQ(spool->last(), 3U);
  EXPECT_THAT(ids(), ElementsAre("1", "2", "3"));
  EXPECT_THAT(ids_after(file_.path(), 1, 1), ElementsAre("2"));
}

TEST_F(SpoolTest, EachOutputGoesAtItsOwnPaceAndWhatAllHaveGoes) {
  {
    auto spool = open();
    append(*spool, {"1", "2", "3"});
    spool->acknowledge("a", 3);
    EXPECT_THAT(ids(), ElementsAre("1", "2", "3"));
    spool->acknowledge("b", 1);
    EXPECT_THAT(ids(), ElementsAre("2", "3"));
    EXPECT_EQ(spool->waiting("a"), 0U);
    EXPECT_EQ(spool->waiting("b"), 2U);
    spool->acknowledge("b", 0);  // never back
    EXPECT_EQ(spool->acknowledged("b"), 1U);
  }
  auto spool = open();
  EXPECT_EQ(spool->acknowledged("a"), 3U);
  EXPECT_EQ(spool->acknowledged("b"), 1U);
  spool->acknowledge("b", 3);
  EXPECT_TRUE(spool->settled());
  EXPECT_THAT(ids(), IsEmpty());
}

TEST_F(SpoolTest, NumbersAreNeverUsedAgain) {
  {
    auto spool = open({"a"});
    append(*spool, {"1", "2"});
    spool->acknowledge("a", 2);
  }
  auto spool = open({"a"});
  EXPECT_EQ(spool->last(), 2U);
  append(*spool, {"3"});
  EXPECT_EQ(spool->last(), 3U);
  EXPECT_EQ(spool->waiting("a"), 1U);
}

TEST_F(SpoolTest, AnOutputThatWasRemovedHoldsNothingAndANewOneGetsWhatIsThere) {
  {
    auto spool = open({"a", "gone"});
    append(*spool, {"1", "2", "3"});
    spool->acknowledge("a", 2);
  }
  auto spool = open({"a", "new"});
  EXPECT_EQ(spool->acknowledged("a"), 2U);
  EXPECT_EQ(spool->acknowledged("new"), 0U);
  spool->acknowledge("gone", 3);  // unknown: nothing
  spool->acknowledge("new", 3);
  EXPECT_THAT(ids(), ElementsAre("3"));
}

TEST_F(SpoolTest, GivesUpTheLeastImportantFirstAndCountsThem) {
  auto spool = open({"a"}, Overflow::kGiveUpLeast, std::uint64_t{1} << 20U);
  std::size_t records = 0;
  while (spool->used_bytes() < (std::uint64_t{1} << 20U) * 8 / 10) {
    append(*spool, {std::string(1000, 'r')});
    ++records;
  }
  const std::vector<Spoolable> mixed{
      spoolable("c", Importance::kCounters), spoolable("i", Importance::kInterim),
      spoolable("f", Importance::kActivity), spoolable("r", Importance::kRecord)};
  const auto appended = spool->append(mixed);
  EXPECT_EQ(appended.taken, 4U);
  EXPECT_EQ(appended.given_up, 2U);
  EXPECT_THAT(appended.problem, HasSubstr("is nearly full"));
  EXPECT_THAT(spool->given_up(), ElementsAre(Pair("sensor_health", 1), Pair("session_updated", 1)));
  const auto kept = ids();
  ASSERT_EQ(kept.size(), records + 2);
  EXPECT_EQ(kept.at(records), "f");
  EXPECT_EQ(kept.at(records + 1), "r");
  spool->acknowledge("a", spool->last());
  spool.reset();
  EXPECT_THAT(open({"a"})->given_up(),
              ElementsAre(Pair("sensor_health", 1), Pair("session_updated", 1)));
}

TEST_F(SpoolTest, WhatHasNoRoomAtAllIsCountedAndNothingKeptIsLost) {
  auto spool = open({"a"}, Overflow::kGiveUpLeast, std::uint64_t{1} << 20U);
  std::size_t kept = 0;
  std::size_t given_up = 0;
  for (int round = 0; round < 200; ++round) {
    const std::vector<Spoolable> events(10, spoolable("r", Importance::kRecord, 1000));
    const auto appended = spool->append(events);
    EXPECT_EQ(appended.taken, events.size());
    given_up += appended.given_up;
    kept += events.size() - appended.given_up;
  }
  EXPECT_GT(given_up, 0U);
  EXPECT_EQ(ids().size(), kept);
  EXPECT_THAT(spool->given_up(), ElementsAre(Pair("ticket_rejected", given_up)));
}

TEST_F(SpoolTest, WaitsForRoomWhereItIsTold) {
  auto spool = open({"a"}, Overflow::kWait, std::uint64_t{1} << 20U);
  const std::vector<Spoolable> events(10, spoolable("r", Importance::kRecord, 4000));
  std::size_t kept = 0;
  auto appended = spool->append(events);
  for (; appended.taken == events.size(); appended = spool->append(events)) {
    kept += appended.taken;
  }
  kept += appended.taken;
  EXPECT_THAT(appended.problem, HasSubstr("full"));
  EXPECT_EQ(spool->problem(), appended.problem);
  EXPECT_THAT(spool->given_up(), IsEmpty());
  EXPECT_EQ(ids().size(), kept);
  spool->acknowledge("a", kept / 2);
  EXPECT_EQ(spool->append(events).taken, events.size());
  EXPECT_EQ(spool->problem(), "");
  EXPECT_EQ(ids().size(), kept - kept / 2 + events.size());
}

TEST_F(SpoolTest, WhoWaitsHearsOfEventsAndOfRoom) {
  auto spool = open({"a"});
  std::thread writer{[&] { append(*spool, {"1"}); }};
  spool->wait_for_more(0, std::chrono::minutes{5});
  writer.join();
  EXPECT_EQ(spool->last(), 1U);
  std::thread waker{[&] {
    // As long as it takes until the other waits: whoever wakes nobody tries again.
    for (int round = 0; round < 1000; ++round) {
      spool->wake();
      std::this_thread::sleep_for(milliseconds{1});
    }
  }};
  spool->wait_for_more(1, std::chrono::minutes{5});
  spool->wait_for_room(std::chrono::minutes{5});
  waker.join();
}

TEST_F(SpoolTest, IsOpenedByOneProcessAtATime) {
  auto spool = open();
  std::string notice;
  EXPECT_THAT(Spool::open({.path = file_.path()}, notice).error(),
              HasSubstr("is held by another process"));
}

TEST_F(SpoolTest, ADamagedFileIsSetAsideAndWhatItStillHoldsIsTakenOver) {
  {
    auto spool = open({"a"});
    for (int round = 0; round < 100; ++round) {
      append(*spool, {std::to_string(round), std::string(2000, 'x')});
    }
  }
  const auto size = std::filesystem::file_size(file_.path());
  std::filesystem::resize_file(file_.path(), size / 2 / 4096 * 4096);
  auto spool = open({"a"});
  EXPECT_THAT(notice_, HasSubstr("was set aside as " + file_.path() + ".damaged"));
  EXPECT_TRUE(std::filesystem::exists(file_.path() + ".damaged"));
  const auto kept = ids();
  EXPECT_GT(kept.size(), 20U);
  EXPECT_LT(kept.size(), 200U);
  EXPECT_EQ(kept.at(0), "0");
  EXPECT_EQ(spool->acknowledged("a"), 0U);
}

TEST_F(SpoolTest, WhatIsNoSpoolIsNotTouched) {
  std::string notice;
  std::ofstream{file_.path()} << "This is somebody's diary, not a spool at all.\n";
  EXPECT_EQ(Spool::open({.path = file_.path()}, notice).error(),
            file_.path() + ": is no spool, and no database; move it, or name another path");
  EXPECT_EQ(std::filesystem::file_size(file_.path()), 46U);
  std::filesystem::remove(file_.path());
  {
    auto other = sqlite::Database::open(file_.path());
    ASSERT_TRUE(other.has_value());
    ASSERT_TRUE(other->execute("CREATE TABLE mail(text)").has_value());
  }
  EXPECT_EQ(Spool::open({.path = file_.path()}, notice).error(),
            file_.path() + ": is another program's database; move it, or name another path");
}

TEST_F(SpoolTest, ZerosThatACrashLeftAreSetAside) {
  std::ofstream{file_.path()} << std::string(8192, '\0');
  auto spool = open({"a"});
  EXPECT_THAT(notice_, HasSubstr("0 events of it were taken over"));
  append(*spool, {"1"});
  EXPECT_THAT(ids(), ElementsAre("1"));
  EXPECT_EQ(std::filesystem::file_size(file_.path() + ".damaged"), 8192U);
}

TEST_F(SpoolTest, AnOutputKeepsItsPlaceOverRunsInWhichNothingCameForIt) {
  {
    auto spool = open({"a", "b"});
    append(*spool, {"1", "2"});
    spool->acknowledge("a", 2);
  }
  for (int run = 0; run < 2; ++run) { EXPECT_EQ(open({"a", "b"})->acknowledged("a"), 2U); }
}

TEST_F(SpoolTest, WhatAnOutputThatWasRemovedLeavesGoesInSteps) {
  {
    auto spool = open({"a", "gone"});
    for (int round = 0; round < 30; ++round) {
      append(*spool, std::vector<std::string>(100, std::to_string(round)));
    }
    spool->acknowledge("a", 2999);
  }
  auto spool = open({"a"});
  spool->acknowledge("a", 3000);
  EXPECT_THAT(ids(), IsEmpty());
}

/// A whole batch of all kinds at once, into a spool that has room for a part of it.
TEST_F(SpoolTest, RecordsGoInWhereALargeBatchDoesNot) {
  auto spool = open({"a"}, Overflow::kGiveUpLeast, std::uint64_t{1} << 20U);
  std::vector<Spoolable> batch;
  for (int number = 0; number < 200; ++number) {
    batch.push_back(spoolable("f" + std::to_string(number), Importance::kActivity, 8000));
    batch.push_back(spoolable("r" + std::to_string(number), Importance::kRecord, 500));
  }
  const auto appended = spool->append(batch);
  EXPECT_EQ(appended.taken, batch.size());
  EXPECT_THAT(appended.problem, HasSubstr(file_.path()));
  const auto kept = ids();
  EXPECT_EQ(kept.size() + appended.given_up, batch.size());
  EXPECT_EQ(std::ranges::count_if(kept, [](const auto& id) { return id.starts_with('r'); }), 200);
  EXPECT_THAT(spool->given_up(), ElementsAre(Pair("anomaly", appended.given_up)));
  spool.reset();
  EXPECT_THAT(open({"a"})->given_up(), ElementsAre(Pair("anomaly", appended.given_up)));
}

TEST_F(SpoolTest, SaysWhyItCannotBeOpened) {
  std::string notice;
  EXPECT_EQ(Spool::open({.path = "/nonexistent/spool.db"}, notice).error(),
            "/nonexistent/spool.db.lock: cannot be opened: No such file or directory; check that "
            "the folder exists and who may write there");
}

Spoolable about(const std::string& thing, const std::string& id, bool over = false) {
  auto event = spoolable(id);
  event.ongoing = thing;
  event.over = over;
  return event;
}

std::vector<std::string> ids_of(const std::vector<std::string>& all) {
  std::vector<std::string> ids;
  for (const auto& bytes : all) {
    v1::Event event;
    ids.push_back(event.ParseFromString(bytes) ? event.event_id() : "not an event");
  }
  return ids;
}

TEST_F(SpoolTest, KnowsAcrossOpeningsWhatIsNotOver) {
  {
    auto spool = open();
    const std::vector<Spoolable> events{about("s1", "1"), about("s2", "2"),       about("s1", "3"),
                                        about("s3", "4"), about("s2", "5", true), spoolable("6")};
    EXPECT_EQ(spool->append(events).taken, events.size());
  }
  auto spool = open();
  const auto left = spool->ongoing();
  ASSERT_TRUE(left.has_value()) << left.error();
  EXPECT_THAT(ids_of(*left), ElementsAre("3", "4"));
  // Delivered events go; what is not over stays.
  spool->acknowledge("a", spool->last());
  spool->acknowledge("b", spool->last());
  EXPECT_THAT(ids(), IsEmpty());
  EXPECT_THAT(ids_of(spool->ongoing().value()), ElementsAre("3", "4"));
}

TEST_F(SpoolTest, AFileOfTheFirstVersionIsTakenOver) {
  {
    auto spool = open();
    append(*spool, {"1"});
  }
  {
    auto database = sqlite::Database::open(file_.path());
    ASSERT_TRUE(database.has_value());
    ASSERT_TRUE(database->execute("DROP TABLE ongoing; PRAGMA user_version=1").has_value());
  }
  auto spool = open();
  EXPECT_EQ(notice_, "");
  EXPECT_THAT(ids(), ElementsAre("1"));
  EXPECT_EQ(spool->append(std::vector{about("s", "2")}).taken, 1U);
  EXPECT_THAT(ids_of(spool->ongoing().value()), ElementsAre("2"));
}

TEST_F(SpoolTest, OutputsChangeWhileItIsOpen) {
  auto spool = open({"a", "b"});
  append(*spool, {"1", "2"});
  spool->acknowledge("a", 2);
  spool->set_outputs({"a", "c"});
  EXPECT_EQ(spool->acknowledged("a"), 2U);
  EXPECT_FALSE(spool->settled());  // "c" gets what is still there
  spool->set_outputs({"a"});
  EXPECT_TRUE(spool->settled());
  EXPECT_THAT(ids(), IsEmpty());
}

TEST_F(SpoolTest, AnEndThatHasNoRoomIsAnEndAllTheSame) {
  auto spool = open({"a"}, Overflow::kGiveUpLeast, std::uint64_t{1} << 20U);
  EXPECT_EQ(spool->append(std::vector{about("s", "1")}).taken, 1U);
  std::vector<Spoolable> many;
  for (int number = 0; number < 300; ++number) {
    many.push_back(spoolable("r" + std::to_string(number), Importance::kRecord, 8000));
  }
  EXPECT_GT(spool->append(many).given_up, 0U);
  auto end = spoolable("end", Importance::kRecord, 100'000);
  end.ongoing = "s";
  end.over = true;
  EXPECT_EQ(spool->append(std::vector{end}).given_up, 1U);
  EXPECT_THAT(ids_of(spool->ongoing().value()), IsEmpty());
}

TEST_F(SpoolTest, WhatGoesOnTakesAQuarterAtMost) {
  auto spool = open({"a"}, Overflow::kWait, std::uint64_t{1} << 20U);
  for (int number = 0; number < 40; ++number) {
    auto event = spoolable("e" + std::to_string(number), Importance::kRecord, 10'000);
    event.ongoing = "s" + std::to_string(number);
    EXPECT_EQ(spool->append(std::vector{event}).taken, 1U);
    spool->acknowledge("a", spool->last());
  }
  const auto kept = spool->ongoing().value().size();
  EXPECT_GT(kept, 20U);
  EXPECT_LT(kept, 27U);
}

}  // namespace
}  // namespace remora::spool
