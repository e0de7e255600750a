#include "dissect/rdp/gcc/server_blocks.h"

#include <gtest/gtest.h>

#include "tests/dissect/rdp/golden.h"
#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::rdp {
namespace {

using testing::hex;
namespace golden = testing::golden;

TEST(ServerBlocks, OfTheSessionAreRead) {
  const auto bytes = golden::connect_response();
  const auto user_data = golden::conference_response(bytes);
  const auto blocks = decode(user_data, read_server_blocks);
  ASSERT_TRUE(blocks.has_value());
  EXPECT_FALSE(blocks->damage.has_value());
  ASSERT_TRUE(blocks->core && blocks->security && blocks->network);
  EXPECT_EQ(blocks->core->version, 0x80004U);
  EXPECT_EQ(blocks->core->client_requested_protocols, 0U);
  EXPECT_FALSE(blocks->core->early_capability_flags.has_value());
  EXPECT_EQ(blocks->network->mcs_channel_id, 1003);
  testing::expect_reader_laws(user_data, read_server_blocks);
}

TEST(ServerBlocks, OfTheSessionHaveAProprietaryCertificate) {
  const auto bytes = golden::connect_response();
  const auto blocks = decode(golden::conference_response(bytes), read_server_blocks);
  ASSERT_TRUE(blocks.has_value() && blocks->security.has_value());
  const auto& security = *blocks->security;
  EXPECT_EQ(security.encryption_method, EncryptionMethod::k128Bit);
  EXPECT_EQ(security.encryption_level, EncryptionLevel::kClientCompatible);
  ASSERT_EQ(security.server_random.size(), 32U);
  EXPECT_EQ(security.server_random[31], std::byte{0x3f});
  ASSERT_TRUE(security.certificate.has_value() && security.certificate->public_key.has_value());
  EXPECT_EQ(security.certificate->public_key->bits, 512U);
  EXPECT_EQ(security.certificate->public_key->exponent, 65537U);
  EXPECT_EQ(security.certificate->public_key->modulus.size(), 64U);
  EXPECT_EQ(security.certificate->public_key->modulus[0], std::byte{0xed});
}

TEST(ServerBlocks, TakeEveryKindInAnyOrder) {
  const auto bytes =
      hex("4d63446e 16"
          "080c 0800 01000000"  // SC_MULTITRANSPORT
          "040c 0600 f003"      // SC_MCS_MSGCHANNEL
          "ff0c 0800 00000000");
  const auto blocks = decode(bytes, read_server_blocks);
  ASSERT_TRUE(blocks.has_value());
  EXPECT_EQ(blocks->multitransport->flags, 1U);
  EXPECT_EQ(blocks->message_channel->mcs_channel_id, 1008);
  EXPECT_EQ(blocks->unknown, std::vector<std::uint16_t>{0x0cff});
}

TEST(ServerBlocks, ReportACertificateThatCannotBeRead) {
  const auto bytes =
      hex("4d63446e 18"
          "020c 1800 02000000 03000000 00000000 04000000 05000000");
  const auto blocks = decode(bytes, read_server_blocks);
  ASSERT_TRUE(blocks.has_value());
  EXPECT_TRUE(blocks->security.has_value());
  ASSERT_TRUE(blocks->damage.has_value());
  EXPECT_EQ(blocks->damage->field, "SC_SECURITY.serverCertificate.dwVersion");
}

}  // namespace
}  // namespace remora::rdp
