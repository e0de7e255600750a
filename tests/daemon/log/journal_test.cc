#include "daemon/log/journal.h"

#include <sys/socket.h>

#include <gtest/gtest.h>

#include "tests/daemon/log/redirected_stderr.h"

namespace remora::log {
namespace {

class JournalTest : public ::testing::Test {
 protected:
  ~JournalTest() override { (void)::unsetenv("JOURNAL_STREAM"); }
};

TEST_F(JournalTest, IsThereWhenStderrIsTheStreamThatTheEnvironmentNames) {
  const RedirectedStderr redirected;
  (void)::setenv("JOURNAL_STREAM", RedirectedStderr::stream().c_str(), 1);
  EXPECT_TRUE(stderr_is_journal());
}

TEST_F(JournalTest, MayBeAStreamSocketAsSystemdMakesIt) {
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  bool found = false;
  {
    const RedirectedStderr redirected;
    (void)::dup2(ends[0], STDERR_FILENO);
    (void)::setenv("JOURNAL_STREAM", RedirectedStderr::stream().c_str(), 1);
    found = stderr_is_journal();
  }
  EXPECT_TRUE(found);
  (void)::close(ends[0]);
  (void)::close(ends[1]);
}

TEST_F(JournalTest, IsNotThereWhenStderrWasRedirectedSince) {
  (void)::setenv("JOURNAL_STREAM", RedirectedStderr::stream().c_str(), 1);
  const RedirectedStderr redirected;
  EXPECT_FALSE(stderr_is_journal());
}

TEST_F(JournalTest, IsNotThereWithoutTheVariableOrWithNonsense) {
  (void)::unsetenv("JOURNAL_STREAM");
  EXPECT_FALSE(stderr_is_journal());
  for (const auto* nonsense : {"", ":", "1", "9:9", "a:b", "-1:-1"}) {
    (void)::setenv("JOURNAL_STREAM", nonsense, 1);
    EXPECT_FALSE(stderr_is_journal()) << nonsense;
  }
}

}  // namespace
}  // namespace remora::log
