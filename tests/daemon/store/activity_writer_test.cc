#include "daemon/store/activity_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/store/made_events.h"

namespace remora::store {
namespace {

using testing::ElementsAre;

v1::FileTransfer transfer(const std::string& name) {
  v1::FileTransfer file;
  file.set_file_name(name);
  file.mutable_start()->set_seconds(10);
  file.set_mechanism(v1::FileTransfer::CLIPBOARD);
  file.set_direction(v1::FileTransfer::SERVER_TO_CLIENT);
  return file;
}

struct ActivityWriterTest : testing::Test {
  ActivityWriterTest() {
    file_started = made_event("f1", "s1", 10);
    *file_started.mutable_file_transfer_started() = transfer("plan.pdf");
    file_ended = made_event("f2", "s1", 12);
    auto& ended = *file_ended.mutable_file_transfer_ended();
    ended = transfer("plan.pdf");
    ended.mutable_end()->set_seconds(12);
    ended.set_result(v1::FileTransfer::COMPLETED);
    ended.set_size(99);
    ended.set_sha256("abcd");
    control_started = made_event("c1", "s1", 20);
    control_started.mutable_control_started()->mutable_start()->set_seconds(20);
    control_started.mutable_control_started()->set_by("Helper");
    control_started.mutable_control_started()->set_role(v1::ControlParty::EXPERT);
    control_ended = made_event("c2", "s1", 25);
    auto& control = *control_ended.mutable_control_ended();
    control.mutable_start()->set_seconds(20);
    control.mutable_end()->set_seconds(25);
    control.mutable_duration()->set_seconds(5);
    control.set_role(v1::ControlParty::NOVICE);
  }
  std::vector<std::string> ask(const std::string& sql) const { return rows(file.path(), sql); }

  ScratchFile file;
  Store store{open_store(file.path())};
  v1::Event file_started;
  v1::Event file_ended;
  v1::Event control_started;
  v1::Event control_ended;
};

constexpr const char* kFiles =
    "SELECT session_id, operation, mechanism, direction, file_name, start_ns, end_ns, result, "
    "size, "
    "sha256 FROM files";
constexpr const char* kWholeFile =
    "s1|TRANSFERRED|CLIPBOARD|SERVER_TO_CLIENT|plan.pdf|10000000000|12000000000|COMPLETED|99|abcd";

TEST_F(ActivityWriterTest, JoinsBeginningAndEndOfAFile) {
  add(store, {file_started});
  EXPECT_THAT(
      ask(kFiles),
      ElementsAre("s1|TRANSFERRED|CLIPBOARD|SERVER_TO_CLIENT|plan.pdf|10000000000|-|-|-|-"));
  add(store, {file_ended});
  EXPECT_THAT(ask(kFiles), ElementsAre(kWholeFile));
}

TEST_F(ActivityWriterTest, JoinsThemWhenTheEndComesFirst) {
  add(store, {file_ended});
  add(store, {file_started});
  EXPECT_THAT(ask(kFiles), ElementsAre(kWholeFile));
}

TEST_F(ActivityWriterTest, KeepsFilesOfOneNameApart) {
  auto later = file_started;
  later.set_event_id("f3");
  later.mutable_file_transfer_started()->mutable_start()->set_seconds(11);
  auto elsewhere = file_started;
  elsewhere.set_event_id("f4");
  elsewhere.set_session_id("s2");
  add(store, {file_started, later, elsewhere});
  EXPECT_EQ(ask(kFiles).size(), 3);
}

TEST_F(ActivityWriterTest, KeepsWhatElseWasDoneToFiles) {
  auto event = made_event("o1", "s1", 30);
  auto& operation = *event.mutable_file_operation();
  operation.set_operation(v1::FileOperation::RENAMED);
  operation.set_mechanism(v1::FileTransfer::DRIVE_REDIRECTION);
  operation.set_file_name("a");
  operation.set_new_file_name("b");
  operation.mutable_status()->set_code(5);
  add(store, {event});
  EXPECT_THAT(ask("SELECT operation, mechanism, direction, file_name, new_file_name, start_ns, "
                  "status FROM files"),
              ElementsAre("RENAMED|DRIVE_REDIRECTION|UNKNOWN|a|b|30000000000|5"));
}

TEST_F(ActivityWriterTest, JoinsBeginningAndEndOfControl) {
  constexpr const char* kControl = "SELECT * FROM control_periods";
  constexpr const char* kWhole = "s1|20000000000|25000000000|5000000000|Helper|EXPERT|-|NOVICE";
  add(store, {control_started});
  EXPECT_THAT(ask(kControl), ElementsAre("s1|20000000000|-|-|Helper|EXPERT|-|-"));
  add(store, {control_ended});
  EXPECT_THAT(ask(kControl), ElementsAre(kWhole));

  const ScratchFile other;
  auto backwards = open_store(other.path());
  add(backwards, {control_ended, control_started});
  EXPECT_THAT(rows(other.path(), kControl), ElementsAre(kWhole));
}

}  // namespace
}  // namespace remora::store
