#include "capture/net/tunnels/dispatch.h"

#include <array>

#include "tests/capture/net/tunnels/reading.h"

namespace remora::capture {
namespace {

using remora::testing::hex;
using testing::expect_reads;

std::optional<Encapsulated> read_udp_at(std::uint16_t source, std::uint16_t destination,
                                        ByteView payload) {
  return read_udp_tunnel({.source = Port{source},
                          .destination = Port{destination},
                          .bytes = {},
                          .payload = payload,
                          .payload_wire_bytes = static_cast<std::uint32_t>(payload.size())});
}

TEST(TunnelDispatch, KnowsTunnelsByTheirIpProtocol) {
  const auto payload = hex("0000 0800 45");
  for (const auto protocol : std::array<std::uint8_t, 4>{4, 41, 47, 115}) {
    EXPECT_TRUE(is_ip_tunnel(protocol));
    EXPECT_TRUE(read_ip_tunnel(protocol, payload).has_value());
  }
  for (const auto protocol : std::array<std::uint8_t, 5>{1, 6, 17, 50, 132}) {
    EXPECT_FALSE(is_ip_tunnel(protocol));
    EXPECT_FALSE(read_ip_tunnel(protocol, payload).has_value());
  }
  expect_reads(read_ip_tunnel(4, hex("45")), {TunnelKind::kIpInIp, 0, 0x0800, "45"});
  expect_reads(read_ip_tunnel(41, hex("60")), {TunnelKind::kIpInIp, 0, 0x86dd, "60"});
}

TEST(TunnelDispatch, KnowsTunnelsInUdpByPortAndContent) {
  const auto vxlan = hex("08000000 00138900 aa");
  expect_reads(read_udp_at(50000, 4789, vxlan), {TunnelKind::kVxlan, 5001, 0x6558, "aa"});
  expect_reads(read_udp_at(50000, 8472, vxlan), {TunnelKind::kVxlan, 5001, 0x6558, "aa"});
  expect_reads(read_udp_at(50000, 4790, vxlan), {TunnelKind::kVxlanGpe, 5001, 0x6558, "aa"});
  expect_reads(read_udp_at(50000, 6081, hex("0000 6558 00138900 aa")),
               {TunnelKind::kGeneve, 5001, 0x6558, "aa"});
  expect_reads(read_udp_at(2152, 2152, hex("30ff 0001 00000007 45")),
               {TunnelKind::kGtpU, 7, 0x0800, "45"});
  expect_reads(read_udp_at(50000, 1701, hex("0002 0001 0002 0021")),
               {TunnelKind::kL2tp2, 0x10002, 0x880b, "0021"});
  expect_reads(read_udp_at(50000, 4754, hex("0000 0800 45")), {TunnelKind::kGre, 0, 0x0800, "45"});
  expect_reads(read_udp_at(50000, 6635, hex("00064140 45")),
               {TunnelKind::kMplsInUdp, 0, 0x8847, "0006414045"});
}

TEST(TunnelDispatch, AnAnswerComesFromTheTunnelsPort) {
  expect_reads(read_udp_at(1701, 50000, hex("0002 0001 0002 0021")),
               {TunnelKind::kL2tp2, 0x10002, 0x880b, "0021"});
}

TEST(TunnelDispatch, OtherDatagramsAreNoTunnels) {
  EXPECT_FALSE(read_udp_at(50000, 3389, hex("08000000 00138900 aa")).has_value());
  EXPECT_FALSE(read_udp_at(50000, 4789, hex("00000000 00138900 aa")).has_value());
  EXPECT_FALSE(read_udp_at(50000, 6635, hex("0006")).has_value());
}

TEST(Encapsulated, AnIpPacketTellsItsEtherType) {
  EXPECT_EQ(ip_ethertype(hex("45")), 0x0800);
  EXPECT_EQ(ip_ethertype(hex("60")), 0x86dd);
  EXPECT_EQ(ip_ethertype(hex("00")), kNothingFollowed);
  EXPECT_EQ(ip_ethertype({}), kNothingFollowed);
}

}  // namespace
}  // namespace remora::capture
