#include "daemon/config/environment.h"

#include <cstdlib>

#include <gtest/gtest.h>

namespace remora::config {
namespace {

TEST(Environment, PutsVariablesIn) {
  ASSERT_EQ(setenv("REMORA_TEST_WORD", "pa$s", 1), 0);
  EXPECT_EQ(with_environment("a-${REMORA_TEST_WORD}-b"), "a-pa$s-b");
  EXPECT_EQ(with_environment("100$$"), "100$");
  EXPECT_EQ(with_environment("plain"), "plain");
}

TEST(Environment, SaysWhatIsWrongAndNoValue) {
  EXPECT_EQ(with_environment("secret${REMORA_TEST_UNSET}").error(),
            "wants the environment variable REMORA_TEST_UNSET, which is not set");
  EXPECT_EQ(with_environment("secret${X").error(), "has a ${ without its }");
  EXPECT_EQ(with_environment("secret$").error(),
            "has a $ that begins no ${NAME}; write $$ for a $");
}

}  // namespace
}  // namespace remora::config
