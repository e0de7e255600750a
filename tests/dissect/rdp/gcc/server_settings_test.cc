#include "dissect/rdp/gcc/server_settings.h"

#include <gtest/gtest.h>

#include "tests/dissect/rdp/golden.h"
#include "tests/support/hex.h"

namespace remora::rdp {
namespace {

namespace golden = testing::golden;

TEST(ServerSettings, OfTheSessionHaveEveryField) {
  const auto bytes = golden::connect_response();
  const auto settings =
      to_server_settings(decode(golden::conference_response(bytes), read_server_blocks).value(), 0);
  EXPECT_EQ(settings.mcs_result, 0);
  EXPECT_EQ(settings.version, 0x80004U);
  EXPECT_EQ(settings.encryption_method, 2U);
  EXPECT_EQ(settings.encryption_level, 2U);
  EXPECT_EQ(settings.certificate, observation::ServerCertificateKind::kProprietary);
  EXPECT_EQ(settings.public_key_bits, 512U);
  EXPECT_EQ(settings.io_channel_id, 1003);
  EXPECT_EQ(settings.channel_ids, (std::vector<std::uint16_t>{1004, 1005, 1006}));
  EXPECT_FALSE(settings.message_channel_id.has_value());
}

TEST(ServerSettings, TakeTheOtherBlocks) {
  const auto bytes = testing::hex(
      "4d63446e 1e"
      "010c 1000 04000800 03000000 08000000"  // SC_CORE
      "040c 0600 f003"                        // SC_MCS_MSGCHANNEL
      "080c 0800 05000000");                  // SC_MULTITRANSPORT
  const auto settings = to_server_settings(decode(bytes, read_server_blocks).value(), 14);
  EXPECT_EQ(settings.mcs_result, 14);
  EXPECT_EQ(settings.client_requested_protocols, 3U);
  EXPECT_EQ(settings.early_capability_flags, 8U);
  EXPECT_EQ(settings.message_channel_id, 1008);
  EXPECT_EQ(settings.multitransport_flags, 5U);
  EXPECT_EQ(settings.certificate, observation::ServerCertificateKind::kNone);
}

}  // namespace
}  // namespace remora::rdp
