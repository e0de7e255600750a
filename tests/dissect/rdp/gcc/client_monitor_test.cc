#include "dissect/rdp/gcc/client_monitor.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::rdp {
namespace {

using testing::hex;

TEST(ClientMonitor, ReadsEachMonitor) {
  const auto bytes =
      hex("00000000 02000000"
          "00000000 00000000 7f070000 37040000 01000000"    // 1920 x 1080, primary
          "80f8ffff 00000000 ffffffff 37040000 00000000");  // left of it
  const auto monitor = decode(bytes, read_client_monitor);
  ASSERT_TRUE(monitor.has_value());
  ASSERT_EQ(monitor->monitors.size(), 2U);
  EXPECT_EQ(monitor->monitors[0].right, 1919);
  EXPECT_EQ(monitor->monitors[0].bottom, 1079);
  EXPECT_TRUE(monitor->monitors[0].is_primary());
  EXPECT_EQ(monitor->monitors[1].left, -1920);
  EXPECT_EQ(monitor->monitors[1].right, -1);
  EXPECT_FALSE(monitor->monitors[1].is_primary());
  testing::expect_reader_laws(bytes, read_client_monitor);
}

TEST(ClientMonitor, ReadsAtMost16Monitors) {
  const auto bytes = hex("00000000 20000000" + std::string(std::size_t{2} * 20 * 32, '0'));
  const auto monitor = decode(bytes, read_client_monitor);
  ASSERT_TRUE(monitor.has_value());
  EXPECT_EQ(monitor->monitor_count, 32U);
  EXPECT_EQ(monitor->monitors.size(), 16U);
}

TEST(ClientMonitorEx, ReadsEachMonitorOfTheSizeItSays) {
  const auto bytes =
      hex("00000000 18000000 01000000"
          "08020000 24010000 5a000000 7d000000 8c000000 ffffffff");
  const auto monitor = decode(bytes, read_client_monitor_ex);
  ASSERT_TRUE(monitor.has_value());
  ASSERT_EQ(monitor->monitors.size(), 1U);
  EXPECT_EQ(monitor->monitors[0].physical_width, 520U);
  EXPECT_EQ(monitor->monitors[0].physical_height, 292U);
  EXPECT_EQ(monitor->monitors[0].orientation, 90U);
  EXPECT_EQ(monitor->monitors[0].desktop_scale_factor, 125U);
  EXPECT_EQ(monitor->monitors[0].device_scale_factor, 140U);
  testing::expect_reader_laws(bytes, read_client_monitor_ex);
}

TEST(ClientMonitorEx, IsAnErrorWhenAMonitorIsTooSmall) {
  EXPECT_EQ(decode(hex("00000000 00000000 01000000"), read_client_monitor_ex).error().field,
            "monitorAttributeSize");
}

}  // namespace
}  // namespace remora::rdp
