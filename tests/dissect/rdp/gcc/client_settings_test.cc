#include "dissect/rdp/gcc/client_settings.h"

#include <gtest/gtest.h>

#include "tests/dissect/rdp/golden.h"
#include "tests/support/hex.h"

namespace remora::rdp {
namespace {

namespace golden = testing::golden;

observation::ClientSettings settings_of_session() {
  const auto bytes = golden::connect_initial();
  return to_client_settings(decode(golden::conference_request(bytes), read_client_blocks).value());
}

TEST(ClientSettings, OfTheSessionHaveEveryFieldOfItsCore) {
  const auto settings = settings_of_session();
  EXPECT_EQ(settings.version, 0x80004U);
  EXPECT_EQ(settings.desktop_width, 1024);
  EXPECT_EQ(settings.desktop_height, 768);
  EXPECT_EQ(settings.color_depth, 16);
  EXPECT_EQ(settings.keyboard_layout, 0x409U);
  EXPECT_EQ(settings.client_build, 2600U);
  EXPECT_EQ(settings.client_name, "WS-ALICE");
  EXPECT_EQ(settings.keyboard_type, 4U);
  EXPECT_EQ(settings.keyboard_subtype, 0U);
  EXPECT_EQ(settings.keyboard_function_keys, 12U);
  EXPECT_EQ(settings.ime_file_name, "");
  EXPECT_EQ(settings.serial_number, 0U);
  EXPECT_EQ(settings.supported_color_depths, 7);
  EXPECT_EQ(settings.early_capability_flags, 1);
  EXPECT_EQ(settings.digital_product_id, "");
  EXPECT_EQ(settings.client_product_id, 1);
  EXPECT_EQ(settings.connection_type, 0);
  EXPECT_EQ(settings.server_selected_protocol, 0U);
  EXPECT_FALSE(settings.desktop_physical_width.has_value());
}

TEST(ClientSettings, OfTheSessionHaveItsSecurityChannelsAndCluster) {
  const auto settings = settings_of_session();
  EXPECT_EQ(settings.encryption_methods, 27U);
  EXPECT_EQ(settings.ext_encryption_methods, 0U);
  ASSERT_EQ(settings.channels.size(), 3U);
  EXPECT_EQ(settings.channels[0].name, "rdpdr");
  EXPECT_EQ(settings.channels[0].options, 0x80800000U);
  EXPECT_EQ(settings.channels[1].name, "cliprdr");
  EXPECT_EQ(settings.channels[2].name, "rdpsnd");
  EXPECT_TRUE(settings.monitors.empty());
  EXPECT_EQ(settings.cluster_flags, 13U);
  EXPECT_EQ(settings.redirected_session_id, 0U);
}

TEST(ClientSettings, TakeTheOtherBlocks) {
  const auto bytes = testing::hex(
      "44756361 34"
      "04c0 0c00 0f000000 07000000"                                               // CS_CLUSTER
      "05c0 2000 00000000 01000000 00000000 00000000 7f070000 37040000 01000000"  // CS_MONITOR
      "0ac0 0800 05030000");  // CS_MULTITRANSPORT
  const auto settings = to_client_settings(decode(bytes, read_client_blocks).value());
  EXPECT_EQ(settings.cluster_flags, 15U);
  EXPECT_EQ(settings.redirected_session_id, 7U);
  ASSERT_EQ(settings.monitors.size(), 1U);
  EXPECT_EQ(settings.monitors[0].right, 1919);
  EXPECT_TRUE(settings.monitors[0].primary);
  EXPECT_EQ(settings.multitransport_flags, 0x305U);
}

TEST(ClientSettings, AreAbsentWhereNothingWasSaid) {
  EXPECT_EQ(to_client_settings({}), observation::ClientSettings{});
}

}  // namespace
}  // namespace remora::rdp
