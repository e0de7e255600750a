#include "capture/net/checksum.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "capture/net/decapsulate.h"
#include "tests/support/hex.h"

namespace remora::capture {
namespace {

using testing::hex;

// Packets that tests/builder wrote: TCP in IPv4 (with an odd length) and IPv6, UDP in IPv4.
const std::string kTcp4 =
    "45000034077e400080060672c0000250c6336450"
    "c1c00d3da904b5ed000000008002faf0595b0000020405b40103030801010402";
const std::string kOdd =
    "4500003b0bbd40007f06032cc6336450c0000250"
    "0d3dc1c071517952a904b6195018040282020000030000130ed000001234000200080000000000";
const std::string kTcp6 =
    "600000000020068020010db8000a0000000000000000008020010db8000b00000000000000000080"
    "c1c00d3d8e0d7f2e000000008002faf03b5f0000020405b40103030801010402";
const std::string kUdp4 =
    "4500004008ab40008011f350c000027bcb007135"
    "cf840035002cfbb61a2b0100000100000000000005726473303104636f7270076578616d706c650000010001";

/// The verdict on a raw IP packet of which the last `cut` bytes were not captured.
std::optional<bool> verdict(const std::vector<std::byte>& bytes, std::size_t cut = 0) {
  Decapsulator decapsulator;
  Packet packet;
  const Frame frame{.at = {},
                    .link = LinkType::kRaw,
                    .bytes = ByteView{bytes}.first(bytes.size() - cut),
                    .wire_bytes = static_cast<std::uint32_t>(bytes.size())};
  EXPECT_EQ(decapsulator.next(frame, packet), Unwrapped::kPacket);
  return transport_checksum_ok(packet);
}

TEST(Checksum, HoldsForGoodPackets) {
  for (const auto& text : {kTcp4, kOdd, kTcp6, kUdp4}) { EXPECT_EQ(verdict(hex(text)), true); }
}

TEST(HeaderChecksum, DoesNotHoldWhenABitOfTheHeaderIsChanged) {
  for (const auto& text : {kTcp4, kOdd, kUdp4}) {
    auto bytes = hex(text);
    EXPECT_TRUE(header_checksum_ok(bytes));
    for (std::size_t at = 1; at < bytes.size(); ++at) {
      bytes.at(at) ^= std::byte{0x10};
      EXPECT_EQ(header_checksum_ok(bytes), at >= 20) << text << " at " << at;
      bytes.at(at) ^= std::byte{0x10};
    }
  }
}

TEST(HeaderChecksum, IsNotJudgedWhereThereIsNone) {
  EXPECT_TRUE(header_checksum_ok(hex(kTcp6)));
  EXPECT_TRUE(header_checksum_ok(hex(kTcp4.substr(0, 20))));
  EXPECT_TRUE(header_checksum_ok({}));
}

TEST(HeaderChecksum, CountsOnRequestOnly) {
  auto bytes = hex(kTcp4);
  bytes.at(8) ^= std::byte{0x01};
  const Frame frame{.at = {},
                    .link = LinkType::kRaw,
                    .bytes = bytes,
                    .wire_bytes = static_cast<std::uint32_t>(bytes.size())};
  Packet packet;
  EXPECT_EQ(Decapsulator{}.next(frame, packet), Unwrapped::kPacket);
  EXPECT_EQ((Decapsulator{{}, true}.next(frame, packet)), Unwrapped::kBadHeader);
}

TEST(Checksum, DoesNotHoldWhenABitOfTheSegmentOrAnAddressIsChanged) {
  for (const auto& text : {kTcp4, kOdd, kTcp6, kUdp4}) {
    const std::size_t addresses = text == kTcp6 ? 8 : 12;
    const std::size_t segment = text == kTcp6 ? 40 : 20;
    auto bytes = hex(text);
    for (auto at = addresses; at < bytes.size(); ++at) {
      // Of TCP the header length, of UDP the length and the checksum say more than their value.
      if (at == segment + 12 || (text == kUdp4 && at >= segment + 4 && at < segment + 8)) {
        continue;
      }
      if (text == kUdp4 && at >= segment && at < segment + 4) { continue; }  // ports of tunnels
      bytes.at(at) ^= std::byte{0x10};
      EXPECT_EQ(verdict(bytes), false) << text << " at " << at;
      bytes.at(at) ^= std::byte{0x10};
    }
  }
}

TEST(Checksum, IsUnknownWhenTheSegmentWasCut) {
  EXPECT_FALSE(verdict(hex(kOdd), 1).has_value());
  EXPECT_FALSE(verdict(hex(kTcp4), 2).has_value()) << "in the options";
  EXPECT_FALSE(verdict(hex(kUdp4), 5).has_value());
}

TEST(Checksum, IsUnknownWhereUdpHasNone) {
  auto bytes = hex(kUdp4);
  bytes.at(26) = bytes.at(27) = std::byte{0};
  EXPECT_FALSE(verdict(bytes).has_value());
}

}  // namespace
}  // namespace remora::capture
