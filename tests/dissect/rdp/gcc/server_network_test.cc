#include "dissect/rdp/gcc/server_network.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::rdp {
namespace {

using testing::hex;

TEST(ServerNetwork, ReadsItsChannelsBeforeThePadding) {
  const auto bytes = hex("eb03 0300 ec03 ed03 ee03 0000");
  const auto network = decode(bytes, read_server_network);
  ASSERT_TRUE(network.has_value());
  EXPECT_EQ(network->mcs_channel_id, 1003);
  EXPECT_EQ(network->channel_ids, (std::vector<std::uint16_t>{1004, 1005, 1006}));
  testing::expect_reader_laws(bytes, read_server_network);
}

TEST(ServerNetwork, ReadsAtMost31Channels) {
  const auto network = decode(hex("eb03 ffff" + std::string(400, '0')), read_server_network);
  ASSERT_TRUE(network.has_value());
  EXPECT_EQ(network->channel_count, 0xffff);
  EXPECT_EQ(network->channel_ids.size(), 31U);
}

TEST(ServerNetwork, IsAnErrorWithFewerChannelsThanItCounts) {
  EXPECT_EQ(decode(hex("eb03 0200 ec03"), read_server_network).error().field, "channelId");
}

}  // namespace
}  // namespace remora::rdp
