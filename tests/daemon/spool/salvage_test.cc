#include "daemon/spool/salvage.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/spool/spool.h"
#include "tests/daemon/spool/spooled_events.h"
#include "tests/daemon/sqlite/scratch_file.h"

namespace remora::spool {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class SalvageTest : public testing::Test {
 protected:
  void fill(const std::vector<Spoolable>& events) {
    std::string notice;
    auto spool = Spool::open(settings_, notice);
    ASSERT_TRUE(spool.has_value()) << spool.error();
    EXPECT_EQ((*spool)->append(events).taken, events.size());
  }
  [[nodiscard]] bool exists(const std::string& suffix) const {
    return std::filesystem::exists(settings_.path + suffix);
  }

  sqlite::ScratchFile file_;
  SpoolSettings settings_{.path = file_.path(), .outputs = {"a"}};
  std::string notice_;
};

TEST_F(SalvageTest, TakesOverWhatIsThereAndPassesOverWhatIsNoEvent) {
  auto broken = spoolable("2");
  broken.bytes = "\xff\xff";
  fill({spoolable("1"), broken, spoolable("3")});
  const auto done = salvage(settings_, notice_);
  ASSERT_TRUE(done.has_value()) << done.error();
  EXPECT_THAT(notice_, HasSubstr("2 events of it were taken over"));
  EXPECT_THAT(notice_, HasSubstr("set aside as " + settings_.path + ".damaged"));
  EXPECT_THAT(ids_after(settings_.path, 0), ElementsAre("1", "3"));
  EXPECT_THAT(ids_after(settings_.path + ".damaged", 0).size(), 3U);
  for (const auto* rest : {".salvage", ".salvage.lock", ".salvage.reserve", ".salvaged"}) {
    EXPECT_FALSE(exists(rest)) << rest;
  }
}

/// As it stands when the process was killed before, or after, the new file was whole.
TEST_F(SalvageTest, ACrashInTheMiddleLosesNothing) {
  fill({spoolable("1")});
  std::ofstream{settings_.path + ".salvage"} << "half of it";
  auto spool = Spool::open(settings_, notice_);
  ASSERT_TRUE(spool.has_value()) << spool.error();
  spool->reset();
  EXPECT_EQ(notice_, "");
  EXPECT_THAT(ids_after(settings_.path, 0), ElementsAre("1"));

  std::filesystem::rename(settings_.path, settings_.path + ".salvaged");
  std::ofstream{settings_.path} << "SQLite format 3, but not any more";
  std::ofstream{settings_.path + "-wal"} << "its journal";
  spool = Spool::open(settings_, notice_);
  ASSERT_TRUE(spool.has_value()) << spool.error();
  EXPECT_THAT(notice_, HasSubstr("was damaged; it was set aside as"));
  EXPECT_THAT(ids_after(settings_.path, 0), ElementsAre("1"));
  EXPECT_TRUE(exists(".damaged-wal"));
}

}  // namespace
}  // namespace remora::spool
