#include "daemon/store/retention.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/store/made_events.h"

namespace remora::store {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;

constexpr std::int64_t kLater = 1'000'000 * kSecond;

int trim_all(Store& store, std::int64_t now = kLater) {
  int steps = 0;
  for (;;) {
    const auto more = store.trim(now);
    EXPECT_TRUE(more.has_value()) << more.error().text;
    if (!more.value_or(false)) { return steps; }
    ++steps;
  }
}

v1::Event anomaly(const std::string& id, const std::string& session, std::int64_t second) {
  auto event = made_event(id, session, second);
  event.mutable_anomaly()->set_detail(std::string(500, 'x'));
  return event;
}

TEST(Retention, KeepsEverythingUnlessTold) {
  const ScratchFile file;
  auto store = open_store(file.path());
  add(store, {opened("s1", 1), opened("s2", 900'000)});
  EXPECT_EQ(trim_all(store), 0);
  EXPECT_THAT(rows(file.path(), "SELECT count(*) FROM sessions"), ElementsAre("2"));
}

TEST(Retention, RemovesOldSessionsWithAllThatBelongsToThem) {
  const ScratchFile file;
  auto store = open_store(file.path(), {.retention = {.age = seconds{100}}});
  auto transfer = made_event("f", "old", 12);
  transfer.mutable_file_transfer_started()->set_file_name("a");
  auto control = made_event("c", "old", 13);
  control.mutable_control_started()->mutable_start()->set_seconds(13);
  // The anomaly comes after its session, and is newer than the limit; it goes with it.
  add(store, {opened("old", 10), transfer, control, closed("old", 899), anomaly("a1", "old", 950)});
  // This one began before the other and is still going on.
  add(store, {opened("long", 5), updated("long", 990)});
  add(store, {closed("new", 1000)});
  trim_all(store);
  EXPECT_THAT(rows(file.path(), "SELECT session_id FROM sessions ORDER BY 1"),
              ElementsAre("long", "new"));
  for (const char* table : {"events", "users", "hosts", "files", "control_periods"}) {
    EXPECT_THAT(rows(file.path(),
                     std::string{"SELECT count(*) FROM "} + table + " WHERE session_id = 'old'"),
                ElementsAre("0"))
        << table;
  }
  EXPECT_THAT(rows(file.path(), "SELECT count(*) FROM events WHERE session_id = 'long'"),
              ElementsAre("2"));
}

TEST(Retention, RemovesOldEventsThatBelongToNoSession) {
  const ScratchFile file;
  auto store = open_store(file.path(), {.retention = {.age = seconds{100}}});
  auto ticket = [](const std::string& id, std::int64_t second) {
    auto event = made_event("e-" + id, "", second);
    event.set_ticket_id(id);
    event.mutable_ticket_created()->mutable_ticket()->set_ticket_id(id);
    return event;
  };
  auto helped = opened("s1", 950);
  helped.mutable_session_opened()->mutable_session()->set_ticket_id("used");
  add(store,
      {ticket("used", 10), ticket("old", 11), ticket("new", 950), helped, anomaly("a1", "", 20),
       anomaly("a2", "", 960), anomaly("a3", "unknown", 20), anomaly("a4", "", 1000)});
  trim_all(store);
  EXPECT_THAT(rows(file.path(), "SELECT ticket_id FROM tickets ORDER BY 1"),
              ElementsAre("new", "used"));
  EXPECT_THAT(rows(file.path(), "SELECT event_id FROM events WHERE kind = 'anomaly' ORDER BY 1"),
              ElementsAre("a2", "a4"));
}

TEST(Retention, CountsBackFromTheNewestEventButNotFromTheFuture) {
  const ScratchFile file;
  auto store = open_store(file.path(), {.retention = {.age = seconds{100}}});
  add(store, {closed("s1", 1000), closed("s2", 1050), closed("liar", 900'000'000)});
  trim_all(store, 1060 * kSecond);
  EXPECT_THAT(rows(file.path(), "SELECT session_id FROM sessions ORDER BY 1"),
              ElementsAre("liar", "s1", "s2"));
  trim_all(store, 1120 * kSecond);
  EXPECT_THAT(rows(file.path(), "SELECT session_id FROM sessions ORDER BY 1"),
              ElementsAre("liar", "s2"));
}

TEST(Retention, WorksInSmallSteps) {
  const ScratchFile file;
  auto store = open_store(file.path(), {.retention = {.age = seconds{10}}});
  std::vector<v1::Event> events;
  for (int number = 0; number < 450; ++number) {
    events.push_back(closed("s" + std::to_string(number), number));
  }
  events.push_back(closed("last", 100'000));
  add(store, events);
  ASSERT_EQ(store.trim(kLater), true);
  EXPECT_THAT(rows(file.path(), "SELECT count(*) FROM sessions"), ElementsAre("351"));
  trim_all(store);
  EXPECT_THAT(rows(file.path(), "SELECT count(*) FROM sessions"), ElementsAre("1"));
}

TEST(Retention, KeepsTheFileWithinItsSize) {
  constexpr std::uint64_t kMost = 3U << 20U;
  const ScratchFile file;
  auto store = open_store(file.path(), {.retention = {.max_bytes = kMost}});
  std::uintmax_t largest = 0;
  for (int batch = 0; batch < 40; ++batch) {
    std::vector<v1::Event> events{opened("long", batch)};
    for (int number = 0; number < 500; ++number) {
      const auto id = std::to_string(batch) + '-' + std::to_string(number);
      events.push_back(anomaly("a" + id, number % 2 == 0 ? "" : "long", batch * 100));
      if (number % 10 == 0) { events.push_back(closed("s" + id, batch * 100)); }
    }
    events.push_back(updated("long", batch * 100 + 1));
    add(store, events);
    trim_all(store);
    auto database = std::move(*sqlite::Database::open(file.path()));
    ASSERT_TRUE(database.execute("PRAGMA wal_checkpoint(TRUNCATE)").has_value());
    largest = std::max(largest, std::filesystem::file_size(file.path()));
  }
  EXPECT_LE(largest, kMost);
  EXPECT_GT(largest, kMost / 2);
  // The newest is what is left.
  EXPECT_THAT(rows(file.path(), "SELECT max(last_ns) = 3901000000000 FROM sessions"),
              ElementsAre("1"));
  EXPECT_THAT(rows(file.path(), "PRAGMA integrity_check"), ElementsAre("ok"));
}

TEST(Retention, GivesRoomBackToTheDisk) {
  const ScratchFile file;
  auto store = open_store(file.path(), {.retention = {.age = seconds{10}}});
  std::vector<v1::Event> events;
  for (int number = 0; number < 5000; ++number) {
    events.push_back(anomaly("a" + std::to_string(number), "", 1));
  }
  add(store, events);
  const auto pages = rows(file.path(), "PRAGMA page_count");
  add(store, {anomaly("last", "", 1000)});
  trim_all(store);
  EXPECT_THAT(rows(file.path(), "SELECT count(*) FROM events"), ElementsAre("1"));
  EXPECT_LT(std::stoi(rows(file.path(), "PRAGMA page_count").front()),
            std::stoi(pages.front()) / 2);
}

}  // namespace
}  // namespace remora::store
