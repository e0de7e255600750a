#include "daemon/store/schema.h"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/store/file_identity.h"
#include "tests/daemon/store/made_events.h"

namespace remora::store {
namespace {

using sqlite::Database;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::array<Migration, 3> kThree{"CREATE TABLE t(a); INSERT INTO t VALUES(1)",
                                          "ALTER TABLE t ADD COLUMN b DEFAULT 5",
                                          "UPDATE t SET b = b + a"};

TEST(Migrate, TakesTheStepsThatAreMissingAndNoOthers) {
  for (std::size_t before = 0; before <= kThree.size(); ++before) {
    auto database = std::move(*Database::open(":memory:"));
    ASSERT_TRUE(migrate(database, std::span{kThree}.first(before)).has_value());
    ASSERT_TRUE(migrate(database, kThree).has_value());
    EXPECT_EQ(database.version(), 3);
    EXPECT_EQ(database.number("SELECT b FROM t"), 6) << "from version " << before;
  }
}

TEST(Migrate, UndoesAStepThatFails) {
  const std::array<Migration, 2> broken{kThree[0], "UPDATE t SET a = 9; nonsense"};
  auto database = std::move(*Database::open(":memory:"));
  EXPECT_FALSE(migrate(database, broken).has_value());
  EXPECT_EQ(database.version(), 1);
  EXPECT_EQ(database.number("SELECT a FROM t"), 1);
}

TEST(Migrate, RefusesLaterVersions) {
  auto database = std::move(*Database::open(":memory:"));
  ASSERT_TRUE(database.set_version(4).has_value());
  const auto refused = migrate(database, kThree);
  ASSERT_FALSE(refused.has_value());
  EXPECT_THAT(refused.error().text, HasSubstr("have version 4, this program knows 3 at most"));
}

TEST(Migrations, OpenStoresOfEveryEarlierVersion) {
  for (std::size_t version = 0; version < migrations().size(); ++version) {
    const ScratchFile file;
    {
      auto database = std::move(*Database::open(file.path()));
      ASSERT_TRUE(database.execute("PRAGMA application_id = " + std::to_string(kApplicationId))
                      .has_value());
      ASSERT_TRUE(migrate(database, migrations().first(version)).has_value());
    }
    const auto early = open_to_read(file.path());
    ASSERT_FALSE(early.has_value());
    EXPECT_THAT(early.error(), HasSubstr("this program needs"));
    auto store = open_store(file.path());
    EXPECT_EQ(add(store, {opened("s1", 1)}), 1);
    EXPECT_THAT(rows(file.path(), "SELECT session_id FROM sessions"), ElementsAre("s1"));
  }
}

TEST(Migrations, StoresOfLaterVersionsAreLeftAlone) {
  const ScratchFile file;
  { const auto store = open_store(file.path()); }
  ASSERT_TRUE(Database::open(file.path())->set_version(99).has_value());
  const auto store = Store::open(file.path(), {});
  ASSERT_FALSE(store.has_value());
  EXPECT_THAT(store.error(), HasSubstr(file.path()));
  EXPECT_THAT(store.error(), HasSubstr("version 99"));
  EXPECT_THAT(open_to_read(file.path()).error(), HasSubstr("version 99"));
  EXPECT_EQ(Database::open(file.path())->version(), 99);
}

}  // namespace
}  // namespace remora::store
