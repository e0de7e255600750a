#include "daemon/delivery/filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace remora::delivery {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Taken {
  bool opened;
  bool closed;
  bool health;
  bool operator==(const Taken&) const = default;
};

Taken taken(const std::string& text, config::Problems& problems) {
  auto map = config::Map::read_text(text, "r.yaml", problems);
  const auto filter = Filter::read(map);
  map.done();
  v1::Event opened;
  opened.mutable_session_opened();
  v1::Event closed;
  closed.mutable_session_closed();
  v1::Event health;
  health.mutable_sensor_health();
  return {filter.takes(opened), filter.takes(closed), filter.takes(health)};
}

TEST(Filter, TakesEverythingUnlessToldOtherwise) {
  config::Problems problems;
  EXPECT_EQ(taken("", problems), (Taken{true, true, true}));
  EXPECT_EQ(taken("kinds: [session_closed, sensor_health]", problems), (Taken{false, true, true}));
  EXPECT_EQ(taken("except: sensor_health", problems), (Taken{true, true, false}));
  EXPECT_EQ(taken("kinds: [session_closed, sensor_health]\nexcept: [sensor_health]", problems),
            (Taken{false, true, false}));
  EXPECT_THAT(problems, IsEmpty());
}

TEST(Filter, KnowsNoOtherKindsThanTheContract) {
  config::Problems problems;
  EXPECT_EQ(taken("kinds: [session_closed, logins]", problems), (Taken{false, true, false}));
  EXPECT_THAT(problems,
              ElementsAre("r.yaml:1: kinds: 'logins' is no kind of event; docs/events.md lists "
                          "them"));
}

}  // namespace
}  // namespace remora::delivery
