#include "dissect/rdp/gcc/client_blocks.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/dissect/rdp/golden.h"
#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::rdp {
namespace {

using testing::hex;
namespace golden = testing::golden;

TEST(ClientBlocks, OfTheSessionAreRead) {
  const auto bytes = golden::connect_initial();
  const auto blocks = decode(golden::conference_request(bytes), read_client_blocks);
  ASSERT_TRUE(blocks.has_value());
  EXPECT_FALSE(blocks->damage.has_value());
  ASSERT_TRUE(blocks->core && blocks->security && blocks->network && blocks->cluster);
  EXPECT_EQ(blocks->core->client_name, "WS-ALICE");
  EXPECT_EQ(blocks->core->client_build, 2600U);
  EXPECT_EQ(blocks->security->encryption_methods, 27U);
  EXPECT_EQ(blocks->network->channels.size(), 3U);
  EXPECT_EQ(blocks->cluster->flags.raw(), 13U);
  EXPECT_FALSE(blocks->monitor || blocks->multitransport);
  testing::expect_reader_laws(golden::conference_request(bytes), read_client_blocks);
}

TEST(ClientBlocks, TakeEveryKindInAnyOrder) {
  const auto bytes =
      hex("44756361 52"
          "0ac0 0800 01000000"                    // CS_MULTITRANSPORT
          "06c0 0800 00000000"                    // CS_MCS_MSGCHANNEL
          "0cc0 0600 0000"                        // CS_UNUSED1
          "04c0 0c00 0d000000 00000000"           // CS_CLUSTER
          "05c0 0c00 00000000 00000000"           // CS_MONITOR
          "08c0 1000 00000000 14000000 00000000"  // CS_MONITOR_EX
          "02c0 0c00 01000000 00000000"           // CS_SECURITY
          "02c0 0800 02000000");                  // again: not taken
  const auto blocks = decode(bytes, read_client_blocks);
  ASSERT_TRUE(blocks.has_value());
  EXPECT_TRUE(blocks->multitransport && blocks->message_channel && blocks->cluster);
  EXPECT_TRUE(blocks->monitor && blocks->monitor_ex);
  EXPECT_EQ(blocks->security->encryption_methods, 1U);
  EXPECT_EQ(blocks->unknown, std::vector<std::uint16_t>{0xc00c});
  EXPECT_FALSE(blocks->damage.has_value()) << blocks->damage->to_text();
}

TEST(ClientBlocks, AnUnreadableBlockCostsNoOther) {
  const auto bytes =
      hex("44756361 12"
          "01c0 0800 04000800"    // CS_CORE that ends after version
          "02c0 0800 01000000");  // CS_SECURITY
  const auto blocks = decode(bytes, read_client_blocks);
  ASSERT_TRUE(blocks.has_value());
  EXPECT_FALSE(blocks->core.has_value());
  EXPECT_TRUE(blocks->security.has_value());
  ASSERT_TRUE(blocks->damage.has_value());
  EXPECT_EQ(blocks->damage->to_text(), "CS_CORE.desktopWidth at 13: 0 of 2 bytes");
}

TEST(ClientBlocks, AListKeepsItsEntriesBeforeTheDamage) {
  const auto bytes =
      hex("44756361 1c"
          "03c0 1c00 ffffffff"         // CS_NET, four thousand million channels
          "7264706472000000 00008080"  // rdpdr
          "636c697072647200");         // a second one without options
  const auto blocks = decode(bytes, read_client_blocks);
  ASSERT_TRUE(blocks.has_value() && blocks->network.has_value());
  ASSERT_EQ(blocks->network->channels.size(), 1U);
  EXPECT_EQ(blocks->network->channels[0].name, "rdpdr");
  ASSERT_TRUE(blocks->damage.has_value());
  EXPECT_EQ(blocks->damage->field, "CS_NET.options");
}

}  // namespace
}  // namespace remora::rdp
