#include "dissect/rdp/gcc/client_network.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::rdp {
namespace {

using testing::hex;

TEST(ClientNetwork, ReadsItsChannels) {
  const auto bytes =
      hex("02000000"
          "7264706472000000 00008080"  // rdpdr
          "4d535f5431323021 000000c0"  // eight characters, no NUL
          "ffff");                     // behind the last
  const auto network = decode(bytes, read_client_network);
  ASSERT_TRUE(network.has_value());
  EXPECT_EQ(network->channel_count, 2U);
  ASSERT_EQ(network->channels.size(), 2U);
  EXPECT_EQ(network->channels[0].name, "rdpdr");
  EXPECT_EQ(network->channels[0].options, 0x80800000U);
  EXPECT_EQ(network->channels[1].name, "MS_T120!");
  testing::expect_reader_laws(bytes, read_client_network);
}

TEST(ClientNetwork, ReadsAtMost31Channels) {
  const auto bytes = hex("ffffffff" + std::string(std::size_t{2} * 12 * 40, '0'));
  const auto network = decode(bytes, read_client_network);
  ASSERT_TRUE(network.has_value());
  EXPECT_EQ(network->channel_count, 0xffffffffU);
  EXPECT_EQ(network->channels.size(), 31U);
}

TEST(ClientNetwork, IsAnErrorWithFewerChannelsThanItCounts) {
  EXPECT_EQ(decode(hex("02000000 7264706472000000 00008080"), read_client_network).error().field,
            "name");
}

}  // namespace
}  // namespace remora::rdp
