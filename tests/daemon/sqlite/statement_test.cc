#include "daemon/sqlite/statement.h"

#include <string>

#include <gtest/gtest.h>

#include "daemon/sqlite/database.h"

namespace remora::sqlite {
namespace {

struct StatementTest : testing::Test {
  StatementTest() : database{std::move(*Database::open(":memory:"))} {
    EXPECT_TRUE(database.execute("CREATE TABLE t(a, b UNIQUE)").has_value());
  }
  Statement prepare(const char* sql) {
    auto statement = database.prepare(sql);
    EXPECT_TRUE(statement.has_value()) << statement.error().text;
    return std::move(*statement);
  }
  Database database;
};

TEST_F(StatementTest, KeepsWhatIsBound) {
  const std::string bytes{"\0\xff\x01", 3};
  auto insert = prepare("INSERT INTO t VALUES(?1, ?2)");
  insert.bind(1, INT64_MIN);
  insert.bind(2, "a 'quoted'; text");
  ASSERT_TRUE(insert.run().has_value());
  insert.bind_blob(1, bytes);
  insert.bind_null(2);
  ASSERT_TRUE(insert.run().has_value());
  insert.bind(1, std::string_view{});
  ASSERT_TRUE(insert.run().has_value());

  auto select = prepare("SELECT a, b, typeof(a) FROM t ORDER BY rowid");
  ASSERT_EQ(select.step(), Step::kRow);
  EXPECT_EQ(select.integer(0), INT64_MIN);
  EXPECT_EQ(select.text(1), "a 'quoted'; text");
  ASSERT_EQ(select.step(), Step::kRow);
  EXPECT_EQ(select.blob(0), bytes);
  EXPECT_TRUE(select.is_null(1));
  EXPECT_EQ(select.text(1), "");
  ASSERT_EQ(select.step(), Step::kRow);
  EXPECT_EQ(select.text(2), "text");
  EXPECT_FALSE(select.is_null(0));
  EXPECT_EQ(select.step(), Step::kDone);
}

TEST_F(StatementTest, ForgetsWhatWasBoundWhenReset) {
  auto select = prepare("SELECT ?1");
  select.bind(1, 5);
  ASSERT_EQ(select.step(), Step::kRow);
  EXPECT_EQ(select.integer(0), 5);
  select.reset();
  ASSERT_EQ(select.step(), Step::kRow);
  EXPECT_TRUE(select.is_null(0));
}

TEST_F(StatementTest, CanBeUsedAgainAfterAFailure) {
  auto insert = prepare("INSERT INTO t VALUES(1, ?1)");
  insert.bind(1, 1);
  ASSERT_TRUE(insert.run().has_value());
  insert.bind(1, 1);
  const auto twice = insert.run();
  ASSERT_FALSE(twice.has_value());
  EXPECT_EQ(twice.error().text, "database: UNIQUE constraint failed: t.b");
  insert.bind(1, 2);
  EXPECT_TRUE(insert.run().has_value());
}

TEST_F(StatementTest, FailsWhereAParameterDoesNotExist) {
  auto insert = prepare("INSERT INTO t VALUES(1, ?1)");
  insert.bind(2, 1);
  EXPECT_EQ(insert.step(), Step::kFailed);
  EXPECT_NE(insert.failure().text.find("out of range"), std::string::npos) << insert.failure().text;
  insert.reset();
  EXPECT_EQ(insert.step(), Step::kDone);
}

TEST(Statement, FailsWithoutOne) {
  Statement none{nullptr};
  none.bind(1, 1);
  none.bind(1, "text");
  EXPECT_EQ(none.step(), Step::kFailed);
  EXPECT_FALSE(none.run().has_value());
  none.reset();
  EXPECT_EQ(none.step(), Step::kFailed);
}

}  // namespace
}  // namespace remora::sqlite
