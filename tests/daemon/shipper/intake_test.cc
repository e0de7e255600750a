#include "daemon/shipper/intake.h"

#include <map>

#include <gtest/gtest.h>

#include "daemon/spool/spool_reader.h"
#include "tests/daemon/shipper/session_story.h"
#include "tests/support/scratch_folder.h"

namespace remora::shipper {
namespace {

class IntakeTest : public ::testing::Test {
 protected:
  void open() {
    spool_.reset();
    std::string notice;
    auto opened =
        spool::Spool::open({.path = folder_.path() / "spool.db", .outputs = {"a"}}, notice);
    ASSERT_TRUE(opened.has_value()) << opened.error();
    spool_ = std::move(*opened);
  }
  std::vector<v1::Event> spooled() {
    auto reader = spool::SpoolReader::open(spool_->path()).value();
    std::vector<v1::Event> events;
    const auto all = reader.read(0, 1000, 1 << 20, true).value();
    for (const auto& one : all) { EXPECT_TRUE(events.emplace_back().ParseFromString(one.bytes)); }
    return events;
  }
  testing::ScratchFolder folder_;
  publish::Publisher publisher_{{}};
  std::unique_ptr<spool::Spool> spool_;
};

TEST_F(IntakeTest, ClosesAfterACrashWhatWasOpenThen) {
  open();
  {
    Intake intake{*spool_};
    EXPECT_EQ(intake.close_what_was_left(publisher_).value(), 0U);
    intake.add(opened("a", 1));
    intake.add(opened("b", 2));
    intake.add(closed("a", 3));
    EXPECT_EQ(intake.held(), 3U);
    EXPECT_EQ(intake.settle(), "");
    EXPECT_EQ(intake.held(), 0U);
    intake.add(opened("never spooled", 4));
  }
  open();
  Intake intake{*spool_};
  EXPECT_EQ(intake.close_what_was_left(publisher_).value(), 1U);
  EXPECT_EQ(intake.settle(), "");
  const auto events = spooled();
  ASSERT_EQ(events.size(), 4U);
  EXPECT_EQ(events.back().session_id(), "b");
  EXPECT_EQ(events.back().session_closed().end_reason(), v1::Session::SENSOR_RESTART);
  // Once.
  EXPECT_EQ(intake.close_what_was_left(publisher_).value(), 0U);
}

TEST_F(IntakeTest, WhatTheSpoolHasNotTakenYetCountsToo) {
  open();
  Intake intake{*spool_};
  intake.add(opened("a", 1));
  intake.add(opened("b", 2));
  EXPECT_EQ(intake.settle(), "");
  intake.add(closed("a", 3));
  intake.add(opened("c", 4));
  EXPECT_EQ(intake.close_what_was_left(publisher_).value(), 2U);
  EXPECT_EQ(intake.settle(), "");
  std::map<std::string, int> ends;
  for (const auto& event : spooled()) {
    if (event.has_session_closed()) { ++ends[event.session_id()]; }
  }
  EXPECT_EQ(ends, (std::map<std::string, int>{{"a", 1}, {"b", 1}, {"c", 1}}));
}

}  // namespace
}  // namespace remora::shipper
