#include "daemon/service/watchdog.h"

#include <cstdlib>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace remora::service {
namespace {

using std::chrono::microseconds;
using ::testing::HasSubstr;

class WatchdogTest : public ::testing::Test {
 protected:
  WatchdogTest() { clear(); }
  ~WatchdogTest() override { clear(); }
  static void clear() {
    (void)::unsetenv("WATCHDOG_USEC");
    (void)::unsetenv("WATCHDOG_PID");
  }
  static void set(const std::string& time, const std::string& process) {
    (void)::setenv("WATCHDOG_USEC", time.c_str(), 1);
    (void)::setenv("WATCHDOG_PID", process.c_str(), 1);
  }
};

TEST_F(WatchdogTest, IsNotThereUnlessTheEnvironmentSaysSo) {
  const auto time = take_watchdog();
  ASSERT_TRUE(time.has_value());
  EXPECT_FALSE(time->has_value());
}

TEST_F(WatchdogTest, IsForTheProcessThatTheEnvironmentNames) {
  set("30000000", std::to_string(::getpid()));
  EXPECT_EQ(take_watchdog().value(), microseconds{30'000'000});
  set("30000000", std::to_string(::getppid()));
  EXPECT_EQ(take_watchdog().value(), std::nullopt);
}

TEST_F(WatchdogTest, IsForEverybodyWithoutAName) {
  (void)::setenv("WATCHDOG_USEC", "500", 1);
  EXPECT_EQ(take_watchdog().value(), microseconds{500});
}

TEST_F(WatchdogTest, IsTakenOutOfTheEnvironment) {
  set("1000000", std::to_string(::getpid()));
  (void)take_watchdog();
  EXPECT_EQ(std::getenv("WATCHDOG_USEC"), nullptr);
  EXPECT_EQ(std::getenv("WATCHDOG_PID"), nullptr);
}

TEST_F(WatchdogTest, RefusesWhatIsNoTime) {
  for (const auto* nonsense :
       {"", "0", "-5", "1s", "18446744073709551615", "9223372036854775807"}) {
    set(nonsense, std::to_string(::getpid()));
    const auto time = take_watchdog();
    ASSERT_FALSE(time.has_value()) << nonsense;
    EXPECT_THAT(time.error(), HasSubstr("WATCHDOG_USEC"));
  }
  set("1000000", "me");
  EXPECT_THAT(take_watchdog().error(), HasSubstr("WATCHDOG_PID"));
}

}  // namespace
}  // namespace remora::service
