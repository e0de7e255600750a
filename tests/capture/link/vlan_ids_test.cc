#include "capture/link/vlan_ids.h"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace remora::capture {
namespace {

using ::testing::ElementsAre;

TEST(VlanIds, KeepsTheOutermostOfADeepStack) {
  VlanIds vlans;
  EXPECT_TRUE(vlans.ids().empty());
  for (const auto id : std::to_array<std::uint16_t>({10, 20, 30, 40, 50})) { vlans.add(id); }
  EXPECT_THAT(vlans.ids(), ElementsAre(10, 20, 30, 40));
}

}  // namespace
}  // namespace remora::capture
