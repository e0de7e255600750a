#include "dissect/rdp/share/monitor_layout.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::rdp {
namespace {

using testing::expect_reader_laws;
using testing::hex;

const std::string kTwo =
    "02000000"                                       // monitorCount
    "00000000 00000000 7f070000 37040000 01000000"   // 1920 by 1080, primary
    "80f8ffff 00000000 ffffffff 37040000 00000000";  // to the left of it

TEST(MonitorLayout, ListsMonitors) {
  const auto layout = decode(hex(kTwo), read_monitor_layout);
  ASSERT_TRUE(layout.has_value());
  ASSERT_EQ(layout->monitors.size(), 2U);
  EXPECT_EQ(to_monitor(layout->monitors[0]),
            (observation::Monitor{.right = 1919, .bottom = 1079, .primary = true}));
  EXPECT_EQ(to_monitor(layout->monitors[1]),
            (observation::Monitor{.left = -1920, .right = -1, .bottom = 1079}));
  expect_reader_laws(hex(kTwo), read_monitor_layout);
}

TEST(MonitorLayout, ReadsNoMoreThanSixteen) {
  std::string text = "ffffffff";
  for (int i = 0; i < 20; ++i) { text += "00000000 00000000 00000000 00000000 00000000"; }
  const auto layout = decode(hex(text), read_monitor_layout);
  ASSERT_TRUE(layout.has_value());
  EXPECT_EQ(layout->monitor_count, 0xffffffffU);
  EXPECT_EQ(layout->monitors.size(), 16U);
}

}  // namespace
}  // namespace remora::rdp
