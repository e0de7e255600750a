#include "capture/net/plain_tcp.h"

#include <algorithm>
#include <random>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "capture/net/decapsulate.h"
#include "tests/support/hex.h"

namespace remora::capture {
namespace {

using testing::hex;

/// Ethernet II, IPv4, TCP with one option, three bytes of payload, and padding.
const auto kFrame =
    hex("000c29123456 0050568899aa 0800"
        "45 00 0030 abcd 4000 40 06 0000 0a000001 0a000002"
        "c350 0d3d 00000001 00000002 70 18 0400 0000 0005"
        "01 01 08 02 00 00 00 00"
        "ffff");

/// The same in VXLAN: Ethernet II, IPv4, UDP, network 42.
const auto kTunnelled = [] {
  auto frame =
      hex("020000010002 020000010001 0800"
          "45 00 0064 0000 4000 40 11 0000 ac100001 ac100002"
          "c000 12b5 0050 0000  08 000000 00002a 00");
  frame.insert(frame.end(), kFrame.begin(), kFrame.end());
  return frame;
}();

Frame frame_of(ByteView bytes, LinkType link) {
  return {.at = {.time = Moment{std::chrono::seconds{7}}, .frame = FrameNumber{3}},
          .link = link,
          .bytes = bytes,
          .wire_bytes = static_cast<std::uint32_t>(bytes.size())};
}

auto facts(const Packet& p) {
  const auto place = [](ByteView view) { return std::pair{view.data(), view.size()}; };
  return std::tuple{p.at.time,
                    p.at.frame,
                    p.source,
                    p.destination,
                    p.transport,
                    p.source_port,
                    p.destination_port,
                    p.ttl,
                    p.sequence,
                    p.acknowledgement,
                    p.flags.raw(),
                    p.window,
                    p.urgent,
                    place(p.payload),
                    p.payload_wire_bytes,
                    place(p.segment),
                    p.tcp_options.size(),
                    p.ip_options.size(),
                    place(p.ip_header),
                    p.fragmented,
                    p.fragment_conflict,
                    p.tunnels.empty()};
}

/// What the long way makes of the same datagram: without a link header it is the only one.
std::pair<Unwrapped, Packet> long_way(ByteView frame) {
  Decapsulator decapsulator;
  Packet packet;
  const auto kind = decapsulator.next(frame_of(frame.subspan(14), LinkType::kRaw), packet);
  return {kind, packet};
}

TEST(PlainTcp, IsTheSameAsTheLongWay) {
  Packet packet;
  ASSERT_TRUE(read_plain_tcp(frame_of(kFrame, LinkType::kEthernet), packet));
  EXPECT_EQ(facts(packet), facts(long_way(kFrame).second));
  EXPECT_EQ(packet.wire_bytes, kFrame.size());
  EXPECT_EQ(packet.source_mac->to_text(), "00:50:56:88:99:aa");
  EXPECT_EQ(packet.destination_mac->to_text(), "00:0c:29:12:34:56");
}

TEST(PlainTcp, IsTheSameAsTheLongWayInsideVxlan) {
  Packet packet;
  ASSERT_TRUE(read_plain_tcp(frame_of(kTunnelled, LinkType::kEthernet), packet));
  const auto expected = long_way(kTunnelled).second;
  EXPECT_EQ(facts(packet), facts(expected));
  EXPECT_EQ(packet.tunnels, expected.tunnels);
  EXPECT_EQ(packet.wire_bytes, kTunnelled.size());
  EXPECT_EQ(packet.source_mac, expected.source_mac);
  EXPECT_EQ(packet.destination_mac, expected.destination_mac);
}

TEST(PlainTcp, LeavesNothingOfThePacketBefore) {
  Packet packet;
  packet.tunnels.add({.kind = TunnelKind::kGre, .source = {}, .destination = {}});
  packet.vlans.add(7);
  packet.fragmented = packet.fragment_conflict = true;
  packet.ip_options = kFrame;
  ASSERT_TRUE(read_plain_tcp(frame_of(kFrame, LinkType::kEthernet), packet));
  EXPECT_EQ(facts(packet), facts(long_way(kFrame).second));
  EXPECT_TRUE(packet.vlans.ids().empty());
}

TEST(PlainTcp, LeavesWhatIsNotPlainToTheLongWay) {
  Packet packet;
  EXPECT_FALSE(read_plain_tcp(frame_of(kFrame, LinkType::kRaw), packet));
  for (std::size_t size = 0; size < kFrame.size() - 2; ++size) {
    const auto cut = ByteView{kFrame}.first(size);
    EXPECT_FALSE(read_plain_tcp(frame_of(cut, LinkType::kEthernet), packet)) << size;
  }
}

/// Bytes of the headers, from the first EtherType on, are changed at random.
void expect_same_whatever_the_headers_say(const std::vector<std::byte>& original,
                                          std::size_t header_bytes) {
  std::mt19937 random{1};
  std::size_t plain = 0;
  for (int round = 0; round < 200'000; ++round) {
    auto frame = original;
    for (auto changes = random() % 3; changes > 0; --changes) {
      frame.at(12 + random() % header_bytes) = static_cast<std::byte>(random());
    }
    Packet packet;
    if (!read_plain_tcp(frame_of(frame, LinkType::kEthernet), packet)) { continue; }
    ++plain;
    const auto [kind, expected] = long_way(frame);
    ASSERT_EQ(kind, Unwrapped::kPacket);
    ASSERT_EQ(facts(packet), facts(expected));
    ASSERT_EQ(packet.tunnels, expected.tunnels);
  }
  EXPECT_GT(plain, 50'000U);
}

TEST(PlainTcp, IsTheSameAsTheLongWayWhateverTheHeadersSay) {
  expect_same_whatever_the_headers_say(kFrame, 42);
  expect_same_whatever_the_headers_say(kTunnelled, 92);
}

}  // namespace
}  // namespace remora::capture
