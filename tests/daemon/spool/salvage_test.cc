#include "daemon/spool/salvage.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/spool/spool.h"
#include "tests/daemon/spool/spooled_events.h"
#include "tests/daemon/sqlite/scratch_file.h"

namespace remora::spool {
namespace {

using testing::ElementsAre;

TEST(Salvage, TakesOverWhatIsThereAndStopsAtWhatIsNoEvent) {
  const sqlite::ScratchFile from;
  const sqlite::ScratchFile to;
  std::string notice;
  {
    auto spool = Spool::open({.path = from.path(), .outputs = {"a"}}, notice);
    ASSERT_TRUE(spool.has_value());
    auto broken = spoolable("2");
    broken.bytes = "\xff\xff";
    EXPECT_TRUE((*spool)->append(std::vector{spoolable("1"), broken, spoolable("3")}).taken);
  }
  auto spool = Spool::open({.path = to.path(), .outputs = {"a"}}, notice);
  ASSERT_TRUE(spool.has_value());
  EXPECT_EQ(salvage(from.path(), **spool), 1U);
  EXPECT_THAT(ids_after(to.path(), 0), ElementsAre("1"));
}

TEST(Salvage, NothingComesOfWhatIsNoSpool) {
  const sqlite::ScratchFile to;
  std::string notice;
  auto spool = Spool::open({.path = to.path(), .outputs = {"a"}}, notice);
  ASSERT_TRUE(spool.has_value());
  EXPECT_EQ(salvage("/nonexistent", **spool), 0U);
  EXPECT_EQ((*spool)->last(), 0U);
}

}  // namespace
}  // namespace remora::spool
