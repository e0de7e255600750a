#include "daemon/sqlite/transaction.h"

#include <gtest/gtest.h>

#include "daemon/sqlite/database.h"
#include "tests/daemon/sqlite/scratch_file.h"

namespace remora::sqlite {
namespace {

struct TransactionTest : testing::Test {
  TransactionTest() : database{std::move(*Database::open(file.path()))} {
    EXPECT_TRUE(database.execute("PRAGMA journal_mode=WAL; CREATE TABLE t(a)").has_value());
  }
  void insert() { EXPECT_TRUE(database.execute("INSERT INTO t VALUES(1)").has_value()); }
  std::int64_t rows() {
    auto other = Database::open(file.path(), {.read_only = true});
    return *other->number("SELECT count(*) FROM t");
  }
  ScratchFile file;
  Database database;
};

TEST_F(TransactionTest, ShowsItsChangesWhenCommitted) {
  auto transaction = database.begin();
  ASSERT_TRUE(transaction.has_value());
  insert();
  EXPECT_EQ(rows(), 0);
  ASSERT_TRUE(transaction->commit().has_value());
  EXPECT_EQ(rows(), 1);
}

TEST_F(TransactionTest, IsUndoneWhenItIsNotCommitted) {
  {
    const auto transaction = database.begin();
    ASSERT_TRUE(transaction.has_value());
    insert();
  }
  EXPECT_EQ(rows(), 0);
  EXPECT_TRUE(database.begin().has_value());
}

TEST_F(TransactionTest, IsUndoneAsAWholeWhenTheDatabaseIsFull) {
  ASSERT_TRUE(database.execute("PRAGMA max_page_count=8").has_value());
  {
    const auto transaction = database.begin();
    ASSERT_TRUE(transaction.has_value());
    insert();
    const auto full = database.execute("INSERT INTO t VALUES(zeroblob(100000))");
    ASSERT_FALSE(full.has_value());
    EXPECT_TRUE(full.error().is_full());
  }
  EXPECT_EQ(rows(), 0);
  insert();
  EXPECT_EQ(rows(), 1);
}

}  // namespace
}  // namespace remora::sqlite
