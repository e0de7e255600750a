#include "capture/net/ip_options.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/damage.h"
#include "tests/support/hex.h"

namespace remora::capture {
namespace {

using ::testing::ElementsAre;
using testing::hex;
using ::testing::IsEmpty;

std::vector<std::string> route(const std::string& text) {
  const auto recorded = recorded_route(hex(text));
  std::vector<std::string> out;
  for (const auto& hop : recorded.hops()) {
    out.push_back(hop.address.to_text() + (hop.with_time ? " with time" : ""));
  }
  return out;
}

TEST(RecordedRoute, IsWhatHasBeenFilledIn) {
  EXPECT_THAT(route("07 0f 0c"           // record route, length, the third place is free
                    "0a000001 0a000002"  // recorded
                    "00000000 00"),      // room, end of options
              ElementsAre("10.0.0.1", "10.0.0.2"));
  EXPECT_THAT(route("07 07 04 00000000"), IsEmpty());
  EXPECT_THAT(route("07 07 08 0a000001"), ElementsAre("10.0.0.1"));  // full
}

TEST(RecordedRoute, OfASourceRouteIsTheWaySoFar) {
  EXPECT_THAT(route("83 0b 08 0a000001 0a000002"), ElementsAre("10.0.0.1"));
  EXPECT_THAT(route("01 89 0b 0c 0a000001 0a000002"), ElementsAre("10.0.0.1", "10.0.0.2"));
}

TEST(RecordedRoute, OfTimestampsWithAddresses) {
  const std::string rest = "0a000001 00000001 0a000002 00000000";
  EXPECT_THAT(route("44 14 0d 01" + rest), ElementsAre("10.0.0.1 with time"));
  EXPECT_THAT(route("44 14 15 13" + rest), ElementsAre("10.0.0.1 with time", "10.0.0.2 with time"));
  EXPECT_THAT(route("44 14 15 00" + rest), IsEmpty()) << "timestamps only";
}

TEST(RecordedRoute, PassesOverOtherOptions) {
  EXPECT_THAT(route("94 04 0000 01 07 07 08 0a000001"), ElementsAre("10.0.0.1"));
  EXPECT_THAT(route("00 07 07 08 0a000001"), IsEmpty()) << "behind the end";
}

TEST(RecordedRoute, StopsAtDamage) {
  EXPECT_THAT(route("07 07 08 0a000001 07 0b 08 0a000002"), ElementsAre("10.0.0.1"));
  EXPECT_THAT(route("07 01 08 0a000001"), IsEmpty());
  EXPECT_THAT(route("07 07 ff 0a000001"), ElementsAre("10.0.0.1")) << "a pointer beyond the end";
  EXPECT_THAT(route("07 07 00 0a000001"), IsEmpty());
  const auto good = hex("07 0b 0c 0a000001 0a000002 44 0c 0d 01 0a000003 00000001");
  testing::for_every_truncation(
      good, [](const auto& cut) { EXPECT_LE(recorded_route(cut).hops().size(), 3U); });
  testing::for_every_changed_byte(good, [](const auto& changed) {
    EXPECT_LE(recorded_route(changed).hops().size(), RecordedRoute::kMost);
  });
}

TEST(RecordedRoute, IsBounded) {
  std::string text;
  for (int at = 0; at < 20; ++at) { text += "070708 0a000001"; }
  EXPECT_EQ(route(text).size(), RecordedRoute::kMost);
}

}  // namespace
}  // namespace remora::capture
