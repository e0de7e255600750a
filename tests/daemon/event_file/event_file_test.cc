#include "daemon/event_file/event_file.h"

#include <csignal>
#include <fstream>
#include <sstream>
#include <sys/resource.h>
#include <sys/stat.h>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/outputs/protobuf_stream.h"
#include "tests/support/scratch_folder.h"

namespace remora::event_file {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

[[nodiscard]] std::string contents(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  std::ostringstream all;
  all << in.rdbuf();
  return all.str();
}

void append(EventFile& file, const std::string& id) {
  v1::Event event;
  event.set_event_id(id);
  EXPECT_TRUE(file.append(event, event.SerializeAsString()));
}

/// As `remora decode` reads them.
[[nodiscard]] std::vector<std::string> ids_in(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  outputs::ProtobufStreamReader reader{in};
  std::vector<std::string> ids;
  while (true) {
    const auto event = reader.next();
    if (!event.has_value()) { ids.push_back("wrong: " + event.error()); }
    if (!event.has_value() || !event->has_value()) { return ids; }
    ids.push_back((*event)->event_id());
  }
}

class EventFileTest : public ::testing::Test {
 protected:
  [[nodiscard]] EventFile open(Format format = Format::kProtobuf) {
    notice.clear();
    auto file = EventFile::open(path, format, notice);
    if (!file.has_value()) { throw std::runtime_error{file.error()}; }
    return std::move(*file);
  }
  testing::ScratchFolder folder;
  std::string path{folder.path() / "events"};
  std::string notice;
};

TEST_F(EventFileTest, KeepsWhatIsCommittedFromRunToRun) {
  {
    auto file = open();
    append(file, "a");
    append(file, "b");
    EXPECT_THAT(ids_in(path), IsEmpty());
    ASSERT_TRUE(file.commit().has_value());
    EXPECT_FALSE(file.has_pending());
    append(file, "lost");
  }
  auto file = open();
  EXPECT_EQ(notice, "");
  append(file, "c");
  ASSERT_TRUE(file.commit().has_value());
  EXPECT_THAT(ids_in(path), ElementsAre("a", "b", "c"));
}

TEST_F(EventFileTest, WritesJsonLinesInAFolder) {
  path = folder.path();
  auto file = open(Format::kJsonLines);
  append(file, "a");
  ASSERT_TRUE(file.commit().has_value());
  EXPECT_EQ(file.path(), folder.path() / "events.jsonl");
  EXPECT_EQ(contents(file.path()), "{\"event_id\":\"a\"}\n");
  path = folder.path();
  EXPECT_EQ(open().path(), folder.path() / "events.pb");
}

TEST_F(EventFileTest, RejectsWhatCannotBeJson) {
  v1::Event timeless;
  timeless.set_event_id("no year has it");
  timeless.mutable_time()->set_seconds(1'000'000'000'000'000);
  const auto bytes = timeless.SerializeAsString();
  {
    auto file = open(Format::kJsonLines);
    EXPECT_FALSE(file.append(timeless, bytes));
    EXPECT_FALSE(file.has_pending());
    append(file, "a");
    ASSERT_TRUE(file.commit().has_value());
    EXPECT_EQ(contents(path), "{\"event_id\":\"a\"}\n");
  }
  path += ".pb";
  EXPECT_TRUE(open(Format::kProtobuf).append(timeless, bytes));
}

TEST_F(EventFileTest, IsTheOwnersAlone) {
  const auto before = ::umask(0);
  const auto file = open();
  (void)::umask(before);
  struct stat facts {};
  ASSERT_EQ(::stat(path.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0600U);
}

TEST_F(EventFileTest, CutsATornEndOffAndGoesOnBehindTheRest) {
  {
    auto file = open();
    append(file, "first");
    append(file, "torn event");
    ASSERT_TRUE(file.commit().has_value());
  }
  const auto whole = contents(path);
  for (auto size = whole.size() - 1; size > 8; --size) {
    std::ofstream{path, std::ios::binary} << whole.substr(0, size);
    auto file = open();
    EXPECT_THAT(notice, HasSubstr("cut off")) << size;
    append(file, "next");
    ASSERT_TRUE(file.commit().has_value());
    EXPECT_THAT(ids_in(path), ElementsAre("first", "next")) << size;
  }
}

TEST_F(EventFileTest, SetsADamagedFileAsideAndDeletesNothing) {
  const std::string damaged = "\x03\x0a\x01" + std::string{"a"} + std::string(20, '\0');
  for (const auto* other : {".damaged.1", ".damaged.2"}) {
    std::ofstream{path, std::ios::binary} << damaged;
    auto file = open();
    EXPECT_THAT(notice, HasSubstr("damaged behind byte 4"));
    EXPECT_EQ(contents(path + other), damaged);
    EXPECT_EQ(contents(path), "");
  }
}

TEST_F(EventFileTest, BelongsToOneProgram) {
  const auto file = open();
  const auto second = EventFile::open(path, Format::kProtobuf, notice);
  ASSERT_FALSE(second.has_value());
  EXPECT_THAT(second.error(), HasSubstr("another program"));
}

TEST_F(EventFileTest, SaysWhereItCannotWrite) {
  const auto file = EventFile::open("/nowhere/events", Format::kProtobuf, notice);
  ASSERT_FALSE(file.has_value());
  EXPECT_THAT(file.error(), HasSubstr("/nowhere/events: cannot be written"));
}

TEST_F(EventFileTest, IsAsItWasAfterAWriteThatFails) {
  auto file = open();
  append(file, "a");
  ASSERT_TRUE(file.commit().has_value());
  // A file that may not grow any more stands for a full disk.
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto* const action = std::signal(SIGXFSZ, SIG_IGN) == SIG_ERR ? "failed" : "ignored";
  ASSERT_STREQ(action, "ignored");
  rlimit tight = before;
  tight.rlim_cur = 100;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tight), 0);
  append(file, std::string(5000, 'b'));
  const auto failed = file.commit();
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  ASSERT_FALSE(failed.has_value());
  EXPECT_THAT(failed.error(), HasSubstr("cannot be written"));
  EXPECT_FALSE(file.broken());
  EXPECT_FALSE(file.has_pending());
  EXPECT_THAT(ids_in(path), ElementsAre("a"));
  append(file, "c");
  ASSERT_TRUE(file.commit().has_value());
  EXPECT_THAT(ids_in(path), ElementsAre("a", "c"));
}

}  // namespace
}  // namespace remora::event_file
