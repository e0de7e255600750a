#include "daemon/store/row.h"

#include <gtest/gtest.h>

namespace remora::store {
namespace {

TEST(Row, CountsNanosecondsWithoutOverflow) {
  google::protobuf::Timestamp time;
  time.set_seconds(1);
  time.set_nanos(5);
  EXPECT_EQ(to_nanoseconds(time), 1'000'000'005);
  time.set_seconds(253'402'300'799);  // the year 9999
  EXPECT_GT(to_nanoseconds(time), 9'223'372'030'000'000'000);
  time.set_seconds(INT64_MIN);
  EXPECT_LT(to_nanoseconds(time), -9'223'372'030'000'000'000);
  google::protobuf::Duration duration;
  duration.set_seconds(INT64_MAX);
  EXPECT_GT(to_nanoseconds(duration), 0);
}

TEST(Series, DoesNothingAfterTheFirstFailure) {
  auto database = std::move(*sqlite::Database::open(":memory:"));
  ASSERT_TRUE(database.execute("CREATE TABLE t(a UNIQUE)").has_value());
  Series series{database};
  auto insert = series.prepare("INSERT INTO t VALUES(?)");
  for (const std::int64_t value : {1, 2, 2, 3}) {
    Row{insert}.number(value);
    series.run(insert);
  }
  ASSERT_TRUE(series.failed());
  EXPECT_NE(series.result().error().text.find("UNIQUE"), std::string::npos);
  EXPECT_EQ(database.number("SELECT count(*) FROM t"), 2);
}

TEST(Series, KeepsTheFirstFailureOfPreparing) {
  auto database = std::move(*sqlite::Database::open(":memory:"));
  Series series{database};
  auto first = series.prepare("SELECT * FROM nowhere");
  auto second = series.prepare("SELECT * FROM elsewhere");
  EXPECT_EQ(series.run(first), 0);
  EXPECT_EQ(series.run(second), 0);
  EXPECT_NE(series.result().error().text.find("nowhere"), std::string::npos);
}

}  // namespace
}  // namespace remora::store
