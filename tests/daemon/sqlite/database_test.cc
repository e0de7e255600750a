#include "daemon/sqlite/database.h"

#include <filesystem>
#include <fstream>
#include <sys/stat.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/sqlite/scratch_file.h"

namespace remora::sqlite {
namespace {

using testing::HasSubstr;

Database make(const std::string& path, OpenOptions options = {}) {
  auto database = Database::open(path, options);
  EXPECT_TRUE(database.has_value()) << database.error().text;
  return std::move(*database);
}

TEST(Database, WritesNoOtherFiles) {
  auto database = Database::open(":memory:", {.create = true});
  ASSERT_TRUE(database.has_value());
  constexpr std::int64_t kMemory = 2;
  EXPECT_EQ(database->number("PRAGMA temp_store").value_or(0), kMemory);
}

TEST(Database, GivesNewFilesAndTheirJournalsToTheOwnerAlone) {
  const ScratchFile file;
  auto database = make(file.path());
  ASSERT_TRUE(database.execute("PRAGMA journal_mode=WAL; CREATE TABLE t(a)").has_value());
  for (const char* suffix : {"", "-wal", "-shm"}) {
    struct stat facts {};
    ASSERT_EQ(stat((file.path() + suffix).c_str(), &facts), 0) << suffix;
    EXPECT_EQ(facts.st_mode & 0777U, 0600U) << suffix;
  }
}

TEST(Database, GivesTheFirstBytesOfWhateverItIs) {
  const ScratchFile file;
  std::ofstream{file.path()}.flush();
  EXPECT_EQ(make(file.path(), {.read_only = true}).head(4), std::string{});
  std::ofstream{file.path()} << "notes";
  EXPECT_EQ(make(file.path(), {.read_only = true}).head(4), std::string{"note"});
  EXPECT_EQ(make(file.path(), {.read_only = true}).head(100), std::string{"notes"});
}

TEST(Database, KeepsTheModeOfAFileThatExists) {
  const ScratchFile file;
  std::ofstream{file.path()}.flush();
  ASSERT_EQ(chmod(file.path().c_str(), 0640), 0);
  auto database = make(file.path());
  ASSERT_TRUE(database.execute("CREATE TABLE t(a)").has_value());
  struct stat facts {};
  ASSERT_EQ(stat(file.path().c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0640U);
}

TEST(Database, CreatesNothingWhenItMayNot) {
  const ScratchFile file;
  for (const OpenOptions options : {OpenOptions{.read_only = true}, OpenOptions{.create = false}}) {
    const auto database = Database::open(file.path(), options);
    ASSERT_FALSE(database.has_value());
    EXPECT_TRUE(database.error().is_denied());
    EXPECT_THAT(database.error().text, HasSubstr(file.path()));
    EXPECT_FALSE(std::filesystem::exists(file.path()));
  }
}

TEST(Database, WritesNothingWhenReadOnly) {
  const ScratchFile file;
  ASSERT_TRUE(make(file.path()).execute("CREATE TABLE t(a)").has_value());
  const auto written = make(file.path(), {.read_only = true}).execute("INSERT INTO t VALUES(1)");
  ASSERT_FALSE(written.has_value());
  EXPECT_TRUE(written.error().is_denied());
}

TEST(Database, RemembersItsVersion) {
  const ScratchFile file;
  EXPECT_EQ(make(file.path()).version(), 0);
  ASSERT_TRUE(make(file.path()).set_version(7).has_value());
  EXPECT_EQ(make(file.path()).version(), 7);
}

TEST(Database, TellsAFileThatIsNoDatabase) {
  const ScratchFile file;
  std::ofstream{file.path()} << std::string(8192, 'x');
  const auto version = make(file.path()).version();
  ASSERT_FALSE(version.has_value());
  EXPECT_TRUE(version.error().is_damaged());
  EXPECT_FALSE(version.error().is_full());
  EXPECT_THAT(version.error().text, HasSubstr("move the file away"));
}

TEST(Database, ChecksWholeFiles) {
  const ScratchFile file;
  {
    auto database = make(file.path());
    ASSERT_TRUE(database
                    .execute("CREATE TABLE t(a); CREATE INDEX i ON t(a);"
                             "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM n"
                             " WHERE x<5000) INSERT INTO t SELECT x FROM n")
                    .has_value());
    EXPECT_TRUE(database.quick_check().has_value());
  }
  {
    std::fstream damage{file.path(), std::ios::in | std::ios::out | std::ios::binary};
    damage.seekp(std::streamoff{3} * 4096);
    damage << std::string(4096, '\xa5');
  }
  const auto checked = make(file.path()).quick_check();
  ASSERT_FALSE(checked.has_value());
  EXPECT_TRUE(checked.error().is_damaged()) << checked.error().text;
}

TEST(Database, TellsThatItIsFull) {
  const ScratchFile file;
  auto database = make(file.path());
  ASSERT_TRUE(database.execute("CREATE TABLE t(a); PRAGMA max_page_count=8").has_value());
  auto insert = database.prepare("INSERT INTO t VALUES(zeroblob(?))");
  ASSERT_TRUE(insert.has_value());
  insert->bind(1, 100'000);
  const auto full = insert->run();
  ASSERT_FALSE(full.has_value());
  EXPECT_TRUE(full.error().is_full());
  EXPECT_FALSE(full.error().is_damaged());
  EXPECT_THAT(full.error().text, HasSubstr("make room"));
  insert->bind(1, 10);
  EXPECT_TRUE(insert->run().has_value());
}

TEST(Database, TellsThatAnotherWriterIsBusy) {
  const ScratchFile file;
  auto one = make(file.path());
  auto two = make(file.path(), {.patience = std::chrono::milliseconds{1}});
  ASSERT_TRUE(one.execute("CREATE TABLE t(a)").has_value());
  const auto held = one.begin();
  ASSERT_TRUE(held.has_value());
  const auto refused = two.begin();
  ASSERT_FALSE(refused.has_value());
  EXPECT_TRUE(refused.error().is_busy());
}

TEST(Database, TellsAWrongStatement) {
  const ScratchFile file;
  auto database = make(file.path());
  const auto statement = database.prepare("SELECT * FROM nowhere");
  ASSERT_FALSE(statement.has_value());
  EXPECT_THAT(statement.error().text, HasSubstr("no such table: nowhere"));
  EXPECT_FALSE(database.execute("nonsense").has_value());
  EXPECT_FALSE(database.number("nonsense").has_value());
}

TEST(Database, CountsWhatItChanged) {
  const ScratchFile file;
  auto database = make(file.path());
  ASSERT_TRUE(database.execute("CREATE TABLE t(a); INSERT INTO t VALUES(4),(5)").has_value());
  EXPECT_EQ(database.changes(), 2);
  EXPECT_EQ(database.last_row(), 2);
  EXPECT_EQ(database.number("SELECT sum(a) FROM t"), 9);
  EXPECT_EQ(database.number("SELECT a FROM t WHERE a > 5"), 0);
}

}  // namespace
}  // namespace remora::sqlite
