#include "dissect/gateway/packets.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::gateway {
namespace {

using testing::hex;

const auto kTunnelAuth =
    hex("0000"                 // fieldsPresent
        "0800"                 // cbClientName
        "5700 5300 3100 0000"  // "WS1"
    );
const auto kChannelCreate =
    hex("01 00"             // numResources, numAltResources
        "3d0d 0300"         // port, protocol
        "0600"              // cbLen
        "6400 6300 0000");  // "dc"

TEST(Packets, TunnelAuthNamesTheClientsMachine) {
  EXPECT_EQ(decode(kTunnelAuth, read_tunnel_auth), "WS1");
}

TEST(Packets, ChannelCreateNamesTheTarget) {
  const auto channel = decode(kChannelCreate, read_channel_create);
  ASSERT_TRUE(channel.has_value());
  EXPECT_EQ(channel->target, "dc");
  EXPECT_EQ(channel->port, 3389);
  EXPECT_FALSE(decode(hex("00 00 3d0d 0300 0000"), read_channel_create).has_value());
}

TEST(Packets, StatusCodesAreNamedInBothForms) {
  EXPECT_EQ(status_name(*decode(hex("f6590000"), read_close_channel)), "PROXY_SESSIONTIMEOUT");
  EXPECT_EQ(status_name(0x800759f6), "PROXY_SESSIONTIMEOUT");
  EXPECT_EQ(status_name(0x800859f6), "");
}

TEST(Packets, ReadersObeyTheirLaws) {
  testing::expect_reader_laws(kTunnelAuth, read_tunnel_auth);
  testing::expect_reader_laws(kChannelCreate, read_channel_create);
  testing::expect_reader_laws(hex("0600 0000 14000000"), read_packet_header);
  testing::expect_reader_laws(hex("ca040000"), read_close_channel);
}

TEST(Packets, HeaderIsPlausibleByTypeAndLength) {
  const auto plausible = [](std::string_view text) {
    return decode(hex(text), read_packet_header)->is_plausible();
  };
  EXPECT_TRUE(plausible("0d00 0000 08000000"));
  EXPECT_TRUE(plausible("1100 0000 0c000000"));
  EXPECT_FALSE(plausible("0d00 0000 07000000"));
  EXPECT_FALSE(plausible("0a00 0000 09000000"));
  EXPECT_FALSE(plausible("0e00 0000 08000000"));
  EXPECT_FALSE(plausible("0000 0000 08000000"));
}

}  // namespace
}  // namespace remora::gateway
