#include "daemon/store/store.h"

#include <array>
#include <fstream>
#include <sys/stat.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/store/made_events.h"

namespace remora::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<v1::Event> many(int sessions) {
  std::vector<v1::Event> events;
  for (int number = 0; number < sessions; ++number) {
    const auto id = "s" + std::to_string(number);
    events.push_back(opened(id, number));
    events.push_back(closed(id, number + 5));
  }
  return events;
}

void overwrite(const std::string& path, std::streamoff at, const std::string& bytes) {
  std::fstream damage{path, std::ios::in | std::ios::out | std::ios::binary};
  damage.seekp(at);
  damage << bytes;
}

TEST(Store, KeepsEveryEventOnce) {
  const ScratchFile file;
  const auto events = many(50);
  auto store = open_store(file.path());
  EXPECT_EQ(add(store, events), 100);
  const auto before = rows(file.path(), "SELECT * FROM sessions ORDER BY session_id");
  EXPECT_EQ(before.size(), 50);
  EXPECT_EQ(add(store, events), 0);
  EXPECT_EQ(rows(file.path(), "SELECT * FROM sessions ORDER BY session_id"), before);
  EXPECT_THAT(rows(file.path(), "SELECT count(*) FROM events"), ElementsAre("100"));
}

TEST(Store, KeepsAnEventOnceWithinABatch) {
  const ScratchFile file;
  auto store = open_store(file.path());
  EXPECT_EQ(add(store, {opened("s1", 1), opened("s1", 1)}), 1);
}

TEST(Store, GivesEventsBackAsTheyWere) {
  const ScratchFile file;
  auto event = closed("s1", 5);
  event.set_ticket_id("t1");
  auto store = open_store(file.path());
  add(store, {event});
  auto database = open_to_read(file.path());
  ASSERT_TRUE(database.has_value());
  auto statement = database->prepare(
      "SELECT event FROM events WHERE event_id = 's1-closed-5' AND time_ns = 5000000000 AND "
      "kind = 'session_closed' AND session_id = 's1' AND ticket_id = 't1' AND certainty = "
      "'OBSERVED'");
  ASSERT_EQ(statement->step(), sqlite::Step::kRow);
  EXPECT_EQ(statement->blob(0), event.SerializeAsString());
}

TEST(Store, KeepsEverythingOfABatchOrNothing) {
  const ScratchFile file;
  auto store = open_store(file.path());
  add(store, many(5));
  auto blocked = std::move(*sqlite::Database::open(file.path()));
  // Breaks the last table that a batch writes to.
  ASSERT_TRUE(blocked
                  .execute("CREATE TRIGGER refuse BEFORE INSERT ON hosts BEGIN SELECT "
                           "raise(ABORT, 'no'); END")
                  .has_value());
  const auto event = opened("new", 900);
  const auto bytes = event.SerializeAsString();
  const std::array<Entry, 1> entries{Entry{.event = &event, .bytes = bytes}};
  EXPECT_FALSE(store.add(entries).has_value());
  EXPECT_THAT(rows(file.path(), "SELECT count(*) FROM events"), ElementsAre("10"));
  EXPECT_THAT(rows(file.path(), "SELECT count(*) FROM sessions"), ElementsAre("5"));
  ASSERT_TRUE(blocked.execute("DROP TRIGGER refuse").has_value());
  EXPECT_EQ(store.add(entries), 1);
  EXPECT_THAT(rows(file.path(), "SELECT count(*) FROM sessions"), ElementsAre("6"));
}

TEST(Store, IsTheOwnersAlone) {
  const ScratchFile file;
  auto store = open_store(file.path());
  add(store, many(1));
  for (const char* suffix : {"", "-wal", "-shm"}) {
    struct stat facts {};
    ASSERT_EQ(stat((file.path() + suffix).c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777U, 0600U);
  }
}

TEST(Store, SetsADamagedFileAsideAndBeginsAnew) {
  const ScratchFile file;
  {
    auto store = open_store(file.path());
    add(store, many(200));
  }
  overwrite(file.path(), 8192, std::string(30'000, '\xa5'));
  std::ifstream in{file.path(), std::ios::binary};
  const std::string damaged{std::istreambuf_iterator<char>{in}, {}};
  auto store = open_store(file.path());
  EXPECT_THAT(store.notice(), HasSubstr(file.path() + ": is damaged; it was renamed to"));
  EXPECT_EQ(add(store, many(2)), 4);
  EXPECT_THAT(store.notice(), HasSubstr(file.path() + ".damaged, and a new one"));
  std::ifstream kept{file.path() + ".damaged", std::ios::binary};
  EXPECT_EQ((std::string{std::istreambuf_iterator<char>{kept}, {}}), damaged);
}

TEST(Store, SaysNothingOfAFileInOrder) {
  const ScratchFile file;
  { EXPECT_EQ(open_store(file.path()).notice(), ""); }
  EXPECT_EQ(open_store(file.path()).notice(), "");
}

TEST(Store, LeavesFilesOfOthersAlone) {
  const ScratchFile file;
  std::ofstream{file.path()} << "my notes";
  const auto refused = Store::open(file.path(), {});
  ASSERT_FALSE(refused.has_value());
  EXPECT_THAT(refused.error(), HasSubstr(file.path() + ": is not a store of Remora"));
  EXPECT_THAT(open_to_read(file.path()).error(), HasSubstr("is not a store of Remora"));
  std::ifstream in{file.path()};
  EXPECT_EQ((std::string{std::istreambuf_iterator<char>{in}, {}}), "my notes");
}

TEST(Store, SaysWhyItCannotBeOpened) {
  const ScratchFile file;
  const auto nowhere = (file.folder() / "nowhere" / "store.db").string();
  const auto refused = Store::open(nowhere, {});
  ASSERT_FALSE(refused.has_value());
  EXPECT_THAT(refused.error(), HasSubstr(nowhere + ": unable to open database file; check that"));
  EXPECT_THAT(Store::open(file.folder(), {}).error(), HasSubstr(": is a folder, a pipe"));
  EXPECT_THAT(open_to_read(file.path()).error(), HasSubstr("there is no store"));
}

TEST(Store, IsReadWhileItIsWritten) {
  const ScratchFile file;
  auto store = open_store(file.path());
  add(store, many(1));
  auto reader = std::move(*open_to_read(file.path()));
  auto all = std::move(*reader.prepare("SELECT session_id FROM sessions"));
  ASSERT_EQ(all.step(), sqlite::Step::kRow);
  EXPECT_EQ(add(store, {opened("t1", 1)}), 1);
  EXPECT_EQ(all.step(), sqlite::Step::kDone);
  all.reset();
  EXPECT_EQ(reader.number("SELECT count(*) FROM sessions"), 2);
}

}  // namespace
}  // namespace remora::store
