#include "daemon/outputs/store/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace remora::outputs::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(StoreConfig, ReadsWhatIsSet) {
  config::Problems problems;
  auto map =
      config::Map::read_text("path: /data/s.db\nkeep: 30d\nmax_bytes: 2GiB\n", "test", problems);
  const auto config = read_config(map);
  map.done();
  EXPECT_EQ(config.path, "/data/s.db");
  EXPECT_EQ(config.retention.age, std::chrono::hours{720});
  EXPECT_EQ(config.retention.max_bytes, std::uint64_t{2} << 30U);
  EXPECT_THAT(problems, IsEmpty());
}

TEST(StoreConfig, KeepsEverythingUnlessTold) {
  config::Problems problems;
  auto map = config::Map::read_text("{}", "test", problems);
  const auto config = read_config(map);
  EXPECT_EQ(config.path, "/var/lib/remora/store.db");
  EXPECT_FALSE(config.retention.age.has_value());
  EXPECT_FALSE(config.retention.max_bytes.has_value());
  EXPECT_THAT(problems, IsEmpty());
}

TEST(StoreConfig, RefusesWhatWouldKeepNothing) {
  config::Problems problems;
  auto map = config::Map::read_text("keep: 5m\nmax_bytes: 1MiB\n", "test", problems);
  (void)read_config(map);
  EXPECT_THAT(problems, ElementsAre(HasSubstr("1h at least"), HasSubstr("16MiB at least")));
}

}  // namespace
}  // namespace remora::outputs::store
