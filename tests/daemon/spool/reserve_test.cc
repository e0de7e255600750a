#include "daemon/spool/reserve.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "tests/daemon/sqlite/scratch_file.h"

namespace remora::spool {
namespace {

TEST(Reserve, TakesUpRoomAndGivesItBackOnce) {
  const sqlite::ScratchFile file;
  Reserve reserve{file.path(), 100'000};
  EXPECT_FALSE(reserve.release());
  EXPECT_TRUE(reserve.take());
  EXPECT_TRUE(reserve.take());
  EXPECT_EQ(std::filesystem::file_size(file.path()), 100'000U);
  EXPECT_TRUE(reserve.release());
  EXPECT_FALSE(std::filesystem::exists(file.path()));
  EXPECT_FALSE(reserve.release());
}

TEST(Reserve, LeavesNothingWhereThereIsNoRoom) {
  const sqlite::ScratchFile file;
  Reserve reserve{file.path(), std::uint64_t{1} << 62U};
  EXPECT_FALSE(reserve.take());
  EXPECT_FALSE(std::filesystem::exists(file.path()));
  Reserve nowhere{"/nonexistent/reserve", 1};
  EXPECT_FALSE(nowhere.take());
}

}  // namespace
}  // namespace remora::spool
