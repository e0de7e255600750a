#include "daemon/log/log.h"

#include <nlohmann/json.hpp>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/log/redirected_stderr.h"

namespace remora::log {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

TEST(Log, WritesALineOnStandardError) {
  const RedirectedStderr redirected;
  start("supervisor", Reader::kAnybody, {});
  warning("interface is gone", {{"interface", std::string{"eth0"}}});
  EXPECT_THAT(redirected.lines(),
              ElementsAre(MatchesRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}[.][0-9]{3}Z warning "
                                       "supervisor: interface is gone interface=eth0")));
}

TEST(Log, WritesPrioritiesForTheJournal) {
  const RedirectedStderr redirected;
  start("shipper", Reader::kJournal, {.level = Level::kDebug});
  debug("d");
  info("i");
  warning("w");
  error("e");
  EXPECT_THAT(redirected.lines(),
              ElementsAre("<7>shipper: d", "<6>shipper: i", "<4>shipper: w", "<3>shipper: e"));
}

TEST(Log, LeavesOutWhatIsLessThanItsLevelAndHearsOfANewOne) {
  const RedirectedStderr redirected;
  start("p", Reader::kJournal, {.level = Level::kWarning});
  info("not yet");
  set({.level = Level::kInfo, .format = Format::kJson});
  debug("never");
  info("now");
  EXPECT_THAT(redirected.lines(),
              ElementsAre(R"(<6>{"level":"info","process":"p","message":"now"})"));
}

TEST(Log, WritesTheSameTextTenTimesAtMost) {
  const RedirectedStderr redirected;
  start("p", Reader::kJournal, {});
  for (int i = 0; i < 1000; ++i) { error("again and again", {{"time", i}}); }
  info("something else");
  EXPECT_EQ(redirected.lines().size(), 11);
  EXPECT_EQ(redirected.lines().back(), "<6>p: something else");
}

TEST(Log, LeavesPercentAndBracesAlone) {
  const RedirectedStderr redirected;
  start("p", Reader::kJournal, {});
  info("%v {} %s", {{"a", "%n{0}"}});
  EXPECT_THAT(redirected.lines(), ElementsAre("<6>p: %v {} %s a=%n{0}"));
}

TEST(Log, TakesWholeLinesOfManyThreadsAndReloadsMeanwhile) {
  const RedirectedStderr redirected;
  start("p", Reader::kJournal, {.level = Level::kInfo, .format = Format::kJson});
  std::vector<std::thread> threads;
  for (int number = 0; number < 4; ++number) {
    threads.emplace_back([number] {
      for (int i = 0; i < 200; ++i) {
        info("of a thread", {{"number", number}});
        info("of another", {{"number", number}});
        set({.level = i % 2 == 0 ? Level::kInfo : Level::kDebug, .format = Format::kJson});
        tell_left_out();
      }
    });
  }
  for (auto& thread : threads) { thread.join(); }
  const auto lines = redirected.lines();
  EXPECT_GE(lines.size(), 20);
  for (const auto& line : lines) { EXPECT_TRUE(nlohmann::json::accept(line.substr(3))) << line; }
}

}  // namespace
}  // namespace remora::log
