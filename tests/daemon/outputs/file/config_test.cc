#include "daemon/outputs/file/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace remora::outputs::file {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(FileConfig, ReadsWhatIsThereAndHasDefaults) {
  config::Problems problems;
  auto map = config::Map::read_text(
      "path: /var/log/remora/events.pb\nformat: protobuf\nsync: false\n"
      "rotate: {bytes: 100MiB, age: 1d, keep: 3}\n",
      "r.yaml", problems);
  const auto config = read_config(map);
  map.done();
  EXPECT_EQ(config.path, "/var/log/remora/events.pb");
  EXPECT_EQ(config.format, event_file::Format::kProtobuf);
  EXPECT_FALSE(config.sync);
  EXPECT_EQ(config.rotate.bytes, 100U << 20U);
  EXPECT_EQ(config.rotate.age, std::chrono::hours{24});
  EXPECT_EQ(config.rotate.keep, 3U);
  auto least = config::Map::read_text("path: events.jsonl\n", "r.yaml", problems);
  const auto defaults = read_config(least);
  EXPECT_EQ(defaults.format, event_file::Format::kJsonLines);
  EXPECT_TRUE(defaults.sync);
  EXPECT_EQ(defaults.rotate.bytes, 0U);
  EXPECT_THAT(problems, IsEmpty());
}

TEST(FileConfig, WantsNoFolder) {
  config::Problems problems;
  auto map = config::Map::read_text("path: /tmp\n", "r.yaml", problems);
  (void)read_config(map);
  EXPECT_THAT(problems, ElementsAre("r.yaml:1: path: a file is wanted, not a folder"));
}

TEST(FileConfig, SaysWhatIsWrong) {
  config::Problems problems;
  auto map = config::Map::read_text("path: /var/log/\nformat: xml\nrotate: {keep: -1}\n", "r.yaml",
                                    problems);
  (void)read_config(map);
  EXPECT_THAT(problems,
              ElementsAre("r.yaml:1: path: a file is wanted, not a folder",
                          "r.yaml:2: format: one of these is wanted: jsonl, protobuf",
                          "r.yaml:3: rotate.keep: a whole number from 0 to 1000 is wanted"));
}

}  // namespace
}  // namespace remora::outputs::file
