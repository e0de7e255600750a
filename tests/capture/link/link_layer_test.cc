#include "capture/link/link_layer.h"

#include <array>

#include <gtest/gtest.h>

#include "tests/support/hex.h"

namespace remora::capture {
namespace {

using testing::hex;

struct Case {
  std::uint32_t link;
  const char* frame;
  const char* name;
};

constexpr std::array kSupported{
    Case{0, "02000000 45", "BSD loopback"},
    Case{1, "000000000000 000000000000 0800 45", "Ethernet"},
    Case{9, "0021 45", "PPP"},
    Case{12, "45", "raw IP"},
    Case{14, "45", "raw IP"},
    Case{50, "ff03 0021 45", "PPP in HDLC framing"},
    Case{51, "1100 0001 0003 0021 45", "PPPoE"},
    Case{101, "45", "raw IP"},
    Case{108, "00000002 45", "OpenBSD loopback"},
    Case{113, "0000 0001 0006 0000000000000000 0800 45", "Linux cooked"},
    Case{228, "45", "raw IPv4"},
    Case{276, "0800 0000 00000001 0001 00 06 0000000000000000 45", "Linux cooked v2"},
};

TEST(LinkLayer, ReadsEverySupportedLinkType) {
  for (const auto& [link, frame, name] : kSupported) {
    EXPECT_TRUE(is_supported(LinkType{link})) << name;
    const auto bytes = hex(frame);
    const auto result = read_link(LinkType{link}, bytes);
    ASSERT_TRUE(result.has_value()) << name;
    EXPECT_EQ(result->protocol, NetworkProtocol::kIpv4) << name;
    ASSERT_EQ(result->payload.size(), 1U) << name;
    EXPECT_EQ(to_u8(result->payload[0]), 0x45) << name;
  }
  EXPECT_EQ(read_link(LinkType::kIpv6, hex("60"))->protocol, NetworkProtocol::kIpv6);
}

TEST(LinkLayer, NamesLinkTypesForMessages) {
  for (const auto& [link, frame, name] : kSupported) {
    EXPECT_EQ(link_type_name(LinkType{link}), name);
  }
  EXPECT_EQ(link_type_name(LinkType{127}), "IEEE 802.11 with radiotap");
  EXPECT_EQ(link_type_name(LinkType{147}), "link type 147");
}

TEST(LinkLayer, SaysWhatItCannotRead) {
  for (const std::uint32_t link : {2U, 105U, 127U, 147U, 0xffff'ffffU}) {
    EXPECT_FALSE(is_supported(LinkType{link})) << link;
    EXPECT_FALSE(read_link(LinkType{link}, hex("45000000")).has_value()) << link;
  }
}

}  // namespace
}  // namespace remora::capture
