#include "daemon/supervisor/children.h"

#include <array>
#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace remora::supervisor {
namespace {

int status_of(pid_t child) {
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return status;
}

TEST(Children, SayHowTheyEnded) {
  const auto well = fork_off([] { return 3; });
  ASSERT_TRUE(well.has_value());
  EXPECT_EQ(how_it_ended(status_of(*well)), "exit code 3");
  const auto killed = fork_off([] {
    (void)raise(SIGKILL);
    return 0;
  });
  ASSERT_TRUE(killed.has_value());
  EXPECT_EQ(how_it_ended(status_of(*killed)), "signal 9 (Killed)");
}

TEST(Children, DoNotHearWhatATerminalSaysToItsGroup) {
  const auto child = fork_off([] {
    for (const auto number : {SIGINT, SIGTERM, SIGHUP, SIGUSR1}) { (void)raise(number); }
    return 3;
  });
  ASSERT_TRUE(child.has_value());
  EXPECT_EQ(how_it_ended(status_of(*child)), "exit code 3");
}

}  // namespace
}  // namespace remora::supervisor
