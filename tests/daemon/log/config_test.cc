#include "daemon/log/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace remora::log {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Settings read(const std::string& text, config::Problems& problems) {
  auto map = config::Map::read_text(text, "test", problems);
  const auto settings = read_log(map);
  map.done();
  return settings;
}

TEST(LogConfig, ReadsWhatIsSet) {
  config::Problems problems;
  const auto settings = read("log:\n  level: debug\n  format: json\n", problems);
  EXPECT_EQ(settings.level, Level::kDebug);
  EXPECT_EQ(settings.format, Format::kJson);
  EXPECT_THAT(problems, IsEmpty());
}

TEST(LogConfig, IsTextFromInfoOnUnlessTold) {
  config::Problems problems;
  const auto settings = read("{}", problems);
  EXPECT_EQ(settings.level, Level::kInfo);
  EXPECT_EQ(settings.format, Format::kText);
  EXPECT_THAT(problems, IsEmpty());
}

TEST(LogConfig, RefusesOtherWordsAndKeys) {
  config::Problems problems;
  (void)read("log:\n  level: loud\n  format: xml\n  leval: info\n", problems);
  EXPECT_THAT(problems,
              ElementsAre("test:2: log.level: one of these is wanted: debug, error, info, warning",
                          "test:3: log.format: one of these is wanted: json, text",
                          "test:4: log.leval: is not known; did you mean level?"));
}

}  // namespace
}  // namespace remora::log
