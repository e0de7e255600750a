#include "daemon/supervisor/children.h"

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace remora::supervisor {
namespace {

template <typename Run>
int status_after(Run run) {
  const auto child = fork();
  if (child == 0) { _exit(run()); }
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return status;
}

TEST(Children, SayHowTheyEnded) {
  EXPECT_EQ(how_it_ended(status_after([] { return 3; })), "exit code 3");
  const auto killed = status_after([] {
    (void)raise(SIGKILL);
    return 0;
  });
  EXPECT_EQ(how_it_ended(killed), "signal 9 (Killed)");
}

}  // namespace
}  // namespace remora::supervisor
