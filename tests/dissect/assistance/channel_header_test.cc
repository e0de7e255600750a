#include "dissect/assistance/channel_header.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::assistance {
namespace {

using testing::hex;

TEST(PacketHeader, ReadsTheShortForm) {
  const auto header = decode(hex("0e000000"                        // ChannelNameLen
                                 "04000000"                        // DataLen
                                 "520043005f00430054004c000000"),  // RC_CTL
                             read_packet_header);
  ASSERT_TRUE(header.has_value());
  EXPECT_EQ(header->channel, "RC_CTL");
  EXPECT_EQ(header->data_bytes, 4U);
}

TEST(PacketHeader, ReadsANamePaddedToItsFullLength) {
  auto bytes = hex("40000000 04000000 3700 3100 0000");
  bytes.resize(8 + 64);
  const auto header = decode(bytes, read_packet_header);
  ASSERT_TRUE(header.has_value());
  EXPECT_EQ(header->channel, "71");
}

TEST(PacketHeader, RefusesOtherLengths) {
  for (const auto* const length : {"00000000", "02000000", "0f000000", "42000000"}) {
    auto bytes = hex(length);
    bytes.resize(200);
    EXPECT_EQ(decode(bytes, read_packet_header).error().field, "ChannelNameLen") << length;
  }
}

TEST(PacketHeader, ObeysTheLaws) {
  testing::expect_reader_laws(hex("06000000 04000000 3700 3100 0000"), read_packet_header);
}

}  // namespace
}  // namespace remora::assistance
