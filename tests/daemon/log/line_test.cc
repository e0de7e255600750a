#include "daemon/log/line.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace remora::log {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::chrono::system_clock::time_point kTime{std::chrono::milliseconds{1'796'027'466'123}};

std::string line(Level level, Literal text, Fields fields, Format format = Format::kText,
                 Reader reader = Reader::kAnybody) {
  return to_line(
      {.time = kTime, .level = level, .process = "sensor", .text = text.text(), .fields = fields},
      format, reader);
}

TEST(Line, HasTimeLevelProcessTextAndFields) {
  EXPECT_EQ(line(Level::kWarning, "interface is gone",
                 {{"interface", "eth0"}, {"packets", 12U}, {"back", false}, {"change", -3}}),
            "2026-11-30T08:31:06.123Z warning sensor: interface is gone interface=eth0 packets=12 "
            "back=false change=-3");
}

TEST(Line, BeginsWithItsPriorityForTheJournalWhichHasTheTime) {
  const auto prefix = [](Level level) {
    return line(level, "x", {}, Format::kText, Reader::kJournal);
  };
  EXPECT_EQ(prefix(Level::kDebug), "<7>sensor: x");
  EXPECT_EQ(prefix(Level::kInfo), "<6>sensor: x");
  EXPECT_EQ(prefix(Level::kWarning), "<4>sensor: x");
  EXPECT_EQ(prefix(Level::kError), "<3>sensor: x");
}

TEST(Line, QuotesWhatWouldReadAsSomethingElse) {
  EXPECT_EQ(
      line(Level::kInfo, "x",
           {{"a", "two words"}, {"b", ""}, {"c", "k=v"}, {"d", "say \"no\" \\"}}),
      R"(2026-11-30T08:31:06.123Z info sensor: x a="two words" b="" c="k=v" d="say \"no\" \\")");
}

TEST(Line, CannotBeForgedByAField) {
  std::string every;
  for (int byte = 0; byte < 256; ++byte) { every += static_cast<char>(byte); }
  for (const auto& hostile :
       {std::string{"eth0\n<0>kernel: panic"}, std::string{"\r\nfake"}, every,
        std::string{"\u202e\u0085\u2028"}, std::string{"\x1b[2J"}, std::string{"\xff\xfe"}}) {
    for (const auto format : {Format::kText, Format::kJson}) {
      for (const auto reader : {Reader::kAnybody, Reader::kJournal}) {
        const auto written = line(Level::kInfo, "x", {{"a", hostile}}, format, reader);
        EXPECT_TRUE(std::ranges::all_of(written, [](char letter) {
          return letter >= ' ' && letter < 0x7f;
        })) << written;
      }
    }
  }
  EXPECT_THAT(line(Level::kInfo, "x", {{"a", "eth0\n<0>kernel: panic"}}),
              HasSubstr(R"(a="eth0\n<0>kernel: panic")"));
  EXPECT_THAT(line(Level::kInfo, "x", {{"a", "\x1b[2J"}}), HasSubstr(R"(a="\x1b[2J")"));
}

TEST(Line, IsCutWhereAValueIsLong) {
  const auto written = line(Level::kInfo, "x", {{"a", std::string(100'000, 'a')}});
  EXPECT_LT(written.size(), 600);
  EXPECT_TRUE(written.ends_with("aaa..."));
}

TEST(Line, IsAnObjectOfJson) {
  const auto written = line(Level::kError, "cannot open",
                            {{"file", "/a \"b\"\n"}, {"tries", 3}, {"again", true}}, Format::kJson);
  const auto json = nlohmann::json::parse(written);
  EXPECT_EQ(json, (nlohmann::json{{"time", "2026-11-30T08:31:06.123Z"},
                                  {"level", "error"},
                                  {"process", "sensor"},
                                  {"message", "cannot open"},
                                  {"file", "/a \"b\"\n"},
                                  {"tries", 3},
                                  {"again", true}}));
}

TEST(Line, IsAnObjectOfJsonWithAPriorityForTheJournal) {
  const auto written = line(Level::kInfo, "x", {}, Format::kJson, Reader::kJournal);
  EXPECT_THAT(written, StartsWith("<6>{"));
  EXPECT_FALSE(nlohmann::json::parse(written.substr(3)).contains("time"));
}

TEST(Line, HasTheTimeOfYearsBefore1970) {
  const auto written =
      to_line({.time = std::chrono::system_clock::time_point{std::chrono::milliseconds{-1}},
               .process = "p",
               .text = "x"},
              Format::kText, Reader::kAnybody);
  EXPECT_THAT(written, StartsWith("1969-12-31T23:59:59.999Z"));
}

}  // namespace
}  // namespace remora::log
