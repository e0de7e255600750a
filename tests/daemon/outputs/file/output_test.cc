#include "daemon/outputs/file/output.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/outputs/file/birth.h"
#include "daemon/outputs/protobuf_stream.h"
#include "tests/daemon/sqlite/scratch_file.h"

namespace remora::outputs::file {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<delivery::Parcel> parcels(const std::vector<std::string>& ids) {
  std::vector<delivery::Parcel> all;
  for (const auto& id : ids) {
    delivery::Parcel parcel{.number = all.size() + 1, .event = {}, .bytes = {}};
    parcel.event.set_event_id(id);
    parcel.bytes = parcel.event.SerializeAsString();
    all.push_back(std::move(parcel));
  }
  return all;
}

class FileOutputTest : public testing::Test {
 protected:
  [[nodiscard]] Config config() const { return {.path = file_.path(), .rotate = {}}; }
  [[nodiscard]] std::string text(const std::string& suffix = "") const {
    std::ifstream in{file_.path() + suffix, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
  }
  static void expect_taken(FileOutput& output, const std::vector<std::string>& ids) {
    const auto outcome = output.send(parcels(ids));
    EXPECT_EQ(outcome.taken, ids.size()) << outcome.problem;
    EXPECT_EQ(outcome.problem, "");
  }
  sqlite::ScratchFile file_;
};

constexpr const char* kLineA = "{\"event_id\":\"a\"}\n";
constexpr const char* kLineB = "{\"event_id\":\"b\"}\n";

TEST_F(FileOutputTest, AppendsLines) {
  {
    FileOutput output{config()};
    expect_taken(output, {"a"});
  }
  FileOutput output{config()};
  expect_taken(output, {"b"});
  EXPECT_EQ(text(), std::string{kLineA} + kLineB);
}

TEST_F(FileOutputTest, WritesWhatDecodeReads) {
  auto wanted = config();
  wanted.format = event_file::Format::kProtobuf;
  FileOutput output{wanted};
  expect_taken(output, {"a", "b"});
  std::ifstream in{file_.path(), std::ios::binary};
  ProtobufStreamReader reader{in};
  for (const auto* id : {"a", "b"}) {
    const auto event = reader.next();
    ASSERT_TRUE(event.has_value() && event->has_value());
    EXPECT_EQ((*event)->event_id(), id);
  }
  EXPECT_FALSE(reader.next()->has_value());
}

TEST_F(FileOutputTest, CutsOffWhatACrashLeftAndSaysSo) {
  std::ofstream{file_.path()} << kLineA << "{\"event_";
  FileOutput output{config()};
  const auto outcome = output.send(parcels({"b"}));
  EXPECT_EQ(outcome.taken, 1U);
  EXPECT_THAT(outcome.notice, HasSubstr("its last event was not whole"));
  EXPECT_EQ(text(), std::string{kLineA} + kLineB);
}

TEST_F(FileOutputTest, RotatesBySize) {
  auto wanted = config();
  wanted.rotate.bytes = 10;
  wanted.rotate.keep = 1;
  FileOutput output{wanted};
  for (const auto* id : {"x", "a", "b"}) { expect_taken(output, {id}); }
  EXPECT_EQ(text(), kLineB);
  EXPECT_EQ(text(".1"), kLineA);
  EXPECT_FALSE(std::filesystem::exists(file_.path() + ".2"));
}

TEST_F(FileOutputTest, RotatesByTheAgeOfTheFileNotOfTheProgram) {
  auto wanted = config();
  wanted.rotate.age = std::chrono::milliseconds{1};
  if (!birth_of(file_.folder()).has_value()) { GTEST_SKIP() << "files here have no birth time"; }
  for (const auto* id : {"a", "b"}) {
    FileOutput output{wanted};
    expect_taken(output, {id});
    // The file system's clock ticks at its own pace.
    const auto made = *birth_of(file_.path());
    while (std::chrono::system_clock::now() - made < std::chrono::milliseconds{2}) {}
  }
  EXPECT_EQ(text(), kLineB);
  EXPECT_EQ(text(".1"), kLineA);
}

TEST_F(FileOutputTest, AFileThatIsYoungStays) {
  auto wanted = config();
  wanted.rotate.age = std::chrono::hours{1};
  FileOutput output{wanted};
  for (const auto* id : {"a", "b"}) { expect_taken(output, {id}); }
  EXPECT_EQ(text(), std::string{kLineA} + kLineB);
}

TEST_F(FileOutputTest, GoesOnInANewFileWhenSomebodyMovedItAway) {
  FileOutput output{config()};
  expect_taken(output, {"a"});
  std::filesystem::rename(file_.path(), file_.path() + ".moved");
  expect_taken(output, {"b"});
  EXPECT_EQ(text(".moved"), kLineA);
  EXPECT_EQ(text(), kLineB);
}

TEST_F(FileOutputTest, TakesNothingWhereItCannotWrite) {
  auto wanted = config();
  wanted.path = "/nonexistent/events.jsonl";
  FileOutput output{wanted};
  const auto outcome = output.send(parcels({"a"}));
  EXPECT_EQ(outcome.taken, 0U);
  EXPECT_THAT(outcome.problem, HasSubstr("/nonexistent/events.jsonl"));
  wanted.path = file_.folder();
  FileOutput folder{wanted};
  EXPECT_EQ(folder.send(parcels({"a"})).problem, wanted.path + ": is a folder; name a file in it");
  EXPECT_TRUE(std::filesystem::is_empty(file_.folder()));
  wanted.path = "/dev/full";
  FileOutput device{wanted};
  EXPECT_EQ(device.send(parcels({"a"})).problem, "/dev/full: is a device or the like; name a file");
}

}  // namespace
}  // namespace remora::outputs::file
