#include "daemon/spool/overflow.h"

#include <gtest/gtest.h>

namespace remora::spool {
namespace {

TEST(Overflow, TheLeastImportantLoseTheirRoomFirst) {
  constexpr std::uint64_t kMost = 1000;
  EXPECT_TRUE(has_room(Importance::kCounters, 699, kMost));
  EXPECT_FALSE(has_room(Importance::kCounters, 700, kMost));
  EXPECT_TRUE(has_room(Importance::kInterim, 799, kMost));
  EXPECT_FALSE(has_room(Importance::kInterim, 800, kMost));
  EXPECT_TRUE(has_room(Importance::kActivity, 899, kMost));
  EXPECT_FALSE(has_room(Importance::kActivity, 900, kMost));
  EXPECT_TRUE(has_room(Importance::kRecord, 999, kMost));
  EXPECT_FALSE(has_room(Importance::kRecord, 1000, kMost));
}

}  // namespace
}  // namespace remora::spool
