#include "capture/link/mpls.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/damage.h"
#include "tests/support/hex.h"

namespace remora::capture {
namespace {

using testing::hex;

const std::string kTransport = "03e81 040";  // label 16001, not the bottom
const std::string kBottom = "05dc5 140";     // label 24005, the bottom

struct Read {
  NetworkProtocol protocol{};
  std::uint32_t label{0};
  std::size_t skipped_bytes{0};
  bool operator==(const Read&) const = default;
};

Read read(const std::string& text) {
  const auto bytes = hex(text);
  const auto result = read_mpls({.protocol = NetworkProtocol::kMplsUnicast, .payload = bytes});
  EXPECT_TRUE(result.has_value());
  if (!result.has_value()) { return {}; }
  return {result->protocol, result->circuit, bytes.size() - result->payload.size()};
}

TEST(Mpls, TheFirstHalfByteBehindTheBottomLabelTellsIp) {
  EXPECT_EQ(read(kBottom + "4500"), (Read{NetworkProtocol::kIpv4, 24005, 4}));
  EXPECT_EQ(read(kTransport + kBottom + "6000"), (Read{NetworkProtocol::kIpv6, 24005, 8}));
}

TEST(Mpls, APseudowireWithControlWord) {
  EXPECT_EQ(read(kBottom + "0000 0001"  // control word: nothing set, sequence number
                           "02005e100012 02005e100011 0800"  // Ethernet
                           "4500"),
            (Read{NetworkProtocol::kEthernet, 24005, 8}));
  EXPECT_EQ(read(kBottom + "0014 0000"  // a short frame says its length
                           "02005e100012 02005e100011 0800 4500"),
            (Read{NetworkProtocol::kEthernet, 24005, 8}));
}

TEST(Mpls, APseudowireWithoutControlWord) {
  EXPECT_EQ(read(kBottom + "02005e100012 02005e100011 0800 4500"),
            (Read{NetworkProtocol::kEthernet, 24005, 4}));
  EXPECT_EQ(read(kBottom + "00005e000101 02005e100011 8100 0064 0800 4500"),
            (Read{NetworkProtocol::kEthernet, 24005, 4}))
      << "its address begins like a control word";
}

/// An IPv4 datagram of 21 bytes, the source address given.
std::string datagram(const std::string& source) {
  return "45000015 00000000 40110000" + source + "0a000001 aa";
}

TEST(Mpls, AFrameWhoseAddressPassesForAnIpHeaderIsAFrame) {
  const std::string address = "4502 0020 0012";  // IPv4 of 32 bytes
  EXPECT_EQ(read(kBottom + address + "02005e100011 0800" + datagram("c0000201")),
            (Read{NetworkProtocol::kEthernet, 24005, 4}));
}

TEST(Mpls, ADatagramWhoseAddressPassesForATypeIsADatagram) {
  EXPECT_EQ(read(kBottom + datagram("08004501")), (Read{NetworkProtocol::kIpv4, 24005, 4}));
}

TEST(Mpls, AChannelOrNonsenseIsNotFollowed) {
  EXPECT_EQ(read(kBottom + "1000 0021 4500").protocol, NetworkProtocol::kNone);  // RFC 4385 5
  EXPECT_EQ(read(kBottom + "ff").protocol, NetworkProtocol::kNone);
}

TEST(Mpls, TooManyLabelsCarryNothing) {
  const auto stack = [](int labels) {
    std::string text;
    for (int at = 1; at < labels; ++at) { text += kTransport; }
    return read(text + kBottom + "45").protocol;
  };
  EXPECT_EQ(stack(kMaxLabels), NetworkProtocol::kIpv4);
  EXPECT_EQ(stack(kMaxLabels + 1), NetworkProtocol::kNone);
}

TEST(Mpls, EveryTruncationAndChange) {
  const auto good = hex(kTransport + kBottom + "00000001 02005e100012 02005e100011 0800 4500");
  testing::for_every_truncation(good, [](const auto& cut) {
    const auto result = read_mpls({.payload = cut});
    EXPECT_EQ(result.has_value(), cut.size() > 8) << cut.size();
  });
  testing::for_every_changed_byte(
      good, [](const auto& changed) { (void)read_mpls({.payload = changed}); });
}

}  // namespace
}  // namespace remora::capture
