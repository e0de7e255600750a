#include "daemon/publish/sense.h"

#include <gtest/gtest.h>

#include "remora/v1/collector.pb.h"
#include "remora/v1/event.pb.h"
#include "tests/daemon/publish/texts.h"

namespace remora::publish {
namespace {

TEST(Sense, IsKnownOfEveryTextOfTheContract) {
  int fields = 0;
  for_each_text_field(*v1::Event::descriptor(), [&](const auto& field) {
    ++fields;
    EXPECT_TRUE(sense_of(field).has_value())
        << field.full_name() << ": add a row to daemon/publish/sense.cc that says whether it may "
        << "tell the name of a user, a host or a file";
  });
  EXPECT_GT(fields, 90);
}

TEST(Sense, IsNotKnownOfOtherMessages) {
  EXPECT_FALSE(sense_of(*v1::Hello::descriptor()->FindFieldByName("sensor")).has_value());
}

}  // namespace
}  // namespace remora::publish
