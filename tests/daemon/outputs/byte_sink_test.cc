#include "daemon/outputs/byte_sink.h"

#include <gtest/gtest.h>

namespace remora::outputs {
namespace {

TEST(ByteSink, SaysWhichFileCannotBeOpenedAndWhy) {
  const auto sink = ByteSink::open("/nonexistent-folder/events");
  ASSERT_FALSE(sink.has_value());
  EXPECT_EQ(sink.error(),
            "/nonexistent-folder/events: cannot be written: No such file or directory");
}

TEST(ByteSink, RemembersThatTheDiskIsFull) {
  auto sink = ByteSink::open("/dev/full");
  ASSERT_TRUE(sink.has_value());
  sink->write("event\n");
  sink->flush();
  EXPECT_EQ(sink->failure(), "/dev/full: cannot be written: No space left on device");
}

}  // namespace
}  // namespace remora::outputs
