#include "daemon/outputs/store/output.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/sqlite/scratch_file.h"

namespace remora::outputs::store {
namespace {

using sqlite::ScratchFile;
using testing::HasSubstr;

std::vector<delivery::Parcel> batch(std::uint64_t first, std::uint64_t count) {
  std::vector<delivery::Parcel> parcels;
  for (auto number = first; number < first + count; ++number) {
    v1::Event event;
    event.set_event_id("e" + std::to_string(number));
    event.mutable_time()->set_seconds(static_cast<std::int64_t>(number));
    event.mutable_anomaly()->set_code("test");
    auto bytes = event.SerializeAsString();
    parcels.push_back({.number = number, .event = std::move(event), .bytes = std::move(bytes)});
  }
  return parcels;
}

std::int64_t count(const std::string& path) {
  auto database = remora::store::open_to_read(path);
  EXPECT_TRUE(database.has_value()) << database.error();
  return database->number("SELECT count(*) FROM events").value_or(-1);
}

TEST(StoreOutput, KeepsWhatItTookAndKnowsWhatComesAgain) {
  const ScratchFile file;
  StoreOutput output{{.path = file.path()}};
  const auto first = output.send(batch(1, 10));
  EXPECT_EQ(first.taken, 10);
  EXPECT_EQ(first.refused, 0);
  EXPECT_EQ(first.problem, "");
  EXPECT_EQ(output.send(batch(5, 10)).taken, 10);
  EXPECT_EQ(count(file.path()), 14);
}

TEST(StoreOutput, TakesNothingUntilItCanBeOpened) {
  const ScratchFile file;
  const auto folder = file.folder() / "later";
  StoreOutput output{{.path = folder / "store.db"}};
  const auto refused = output.send(batch(1, 3));
  EXPECT_EQ(refused.taken, 0);
  EXPECT_EQ(refused.refused, 0);
  EXPECT_THAT(refused.problem, HasSubstr("check that the path exists"));
  std::filesystem::create_directory(folder);
  EXPECT_EQ(output.send(batch(1, 3)).taken, 3);
}

TEST(StoreOutput, TakesNothingWhileAnotherProcessWrites) {
  const ScratchFile file;
  StoreOutput output{{.path = file.path()}};
  ASSERT_EQ(output.send(batch(1, 1)).taken, 1);
  auto other = std::move(*sqlite::Database::open(file.path()));
  {
    const auto held = other.begin();
    const auto refused = output.send(batch(2, 1));
    EXPECT_EQ(refused.taken, 0);
    EXPECT_THAT(refused.problem, HasSubstr("another process"));
  }
  EXPECT_EQ(output.send(batch(2, 1)).taken, 1);
}

TEST(StoreOutput, BeginsAnewWhereTheFileWasMovedAway) {
  const ScratchFile file;
  StoreOutput output{{.path = file.path()}};
  ASSERT_EQ(output.send(batch(1, 2)).taken, 2);
  output.reopen();
  std::filesystem::rename(file.path(), file.path() + ".old");
  ASSERT_EQ(output.send(batch(3, 1)).taken, 1);
  EXPECT_EQ(count(file.path()), 1);
  EXPECT_EQ(count(file.path() + ".old"), 2);
}

TEST(StoreOutput, SaysThatADamagedFileWasSetAside) {
  const ScratchFile file;
  {
    StoreOutput output{{.path = file.path()}};
    ASSERT_EQ(output.send(batch(1, 500)).taken, 500);
  }
  {
    std::fstream damage{file.path(), std::ios::in | std::ios::out | std::ios::binary};
    damage.seekp(8192);
    damage << std::string(20'000, '\xa5');
  }
  StoreOutput output{{.path = file.path()}};
  const auto outcome = output.send(batch(600, 2));
  EXPECT_EQ(outcome.taken, 2);
  EXPECT_THAT(outcome.notice, HasSubstr("is damaged; it was renamed"));
  EXPECT_EQ(count(file.path()), 2);
}

TEST(StoreOutput, RemovesWhatIsOlderThanItShallKeep) {
  const ScratchFile file;
  StoreOutput output{{.path = file.path(), .retention = {.age = std::chrono::seconds{100}}}};
  ASSERT_EQ(output.send(batch(1, 50)).taken, 50);
  ASSERT_EQ(output.send(batch(1000, 1)).taken, 1);
  EXPECT_EQ(count(file.path()), 1);
}

}  // namespace
}  // namespace remora::outputs::store
