#include "daemon/event/kind.h"

#include <gtest/gtest.h>

namespace remora {
namespace {

TEST(Kind, BearsTheNameOfTheContract) {
  v1::Event event;
  EXPECT_EQ(kind_name(event), "none");
  event.mutable_file_transfer_ended();
  EXPECT_EQ(kind_name(event), "file_transfer_ended");
}

TEST(Kind, KnowsTheNamesOfAllAndNoOther) {
  for (const auto* name : {"session_opened", "sensor_health", "offer"}) {
    EXPECT_TRUE(is_kind(name)) << name;
  }
  for (const auto* name : {"", "none", "event_id", "session", "SESSION_OPENED"}) {
    EXPECT_FALSE(is_kind(name)) << name;
  }
}

}  // namespace
}  // namespace remora
