#include "capture/net/tunnels/gre.h"

#include "tests/capture/net/tunnels/reading.h"

namespace remora::capture {
namespace {

using remora::testing::hex;
using testing::expect_reads;
using testing::expect_tunnel_laws;

TEST(Gre, WithoutOptionalFields) {
  expect_reads(read_gre(hex("0000"  // no flags, version 0
                            "0800"  // IPv4
                            "4500")),
               {TunnelKind::kGre, 0, 0x0800, "4500"});
}

TEST(Gre, WithChecksumKeyAndSequenceNumber) {
  const auto text =
      "b000"       // C, K, S
      "86dd"       // IPv6
      "1234 0000"  // checksum, reserved
      "0000cafe"   // key
      "00000007"   // sequence number
      "6000";
  expect_reads(read_gre(hex(text)), {TunnelKind::kGre, 0xcafe, 0x86dd, "6000"});
  expect_tunnel_laws(text, 16, read_gre);
}

TEST(Gre, EachOptionalFieldAlone) {
  expect_reads(read_gre(hex("8000 0800 12340000 45")), {TunnelKind::kGre, 0, 0x0800, "45"});
  expect_reads(read_gre(hex("2000 0800 00000009 45")), {TunnelKind::kGre, 9, 0x0800, "45"});
  expect_reads(read_gre(hex("1000 0800 00000001 45")), {TunnelKind::kGre, 0, 0x0800, "45"});
}

TEST(Gre, EthernetWithASmallKeyIsABridge) {
  expect_reads(read_gre(hex("2000 6558 00000005 aa")), {TunnelKind::kGre, 5, 0x6558, "aa"});
  expect_reads(read_gre(hex("0000 6558 aa")), {TunnelKind::kGre, 0, 0x6558, "aa"});
}

TEST(Gre, EthernetWithAVirtualSubnetIsNvgre) {
  expect_reads(read_gre(hex("2000 6558"
                            "123456 07"  // virtual subnet, flow
                            "aa")),
               {TunnelKind::kNvgre, 0x123456, 0x6558, "aa"});
  expect_reads(read_gre(hex("3000 6558 12345607 00000001 aa")),
               {TunnelKind::kGre, 0x12345607, 0x6558, "aa"});
}

TEST(Gre, CarriesErspanByTypeAndSequenceNumber) {
  expect_reads(read_gre(hex("0000 88be aa")), {TunnelKind::kErspan1, 0, 0x6558, "aa"});
  expect_reads(read_gre(hex("1000 88be 00000001 1001 0064 00000000 aa")),
               {TunnelKind::kErspan2, 100, 0x6558, "aa"});
  expect_reads(read_gre(hex("1000 22eb 00000001 2001 0065 00000000 0000 0000 aa")),
               {TunnelKind::kErspan3, 101, 0x6558, "aa"});
}

TEST(Gre, OfPptpIsCutToItsLength) {
  const auto text =
      "3081"        // K, S, A, version 1
      "880b"        // PPP
      "0003"        // payload length
      "4001"        // call
      "00000001"    // sequence number
      "00000002"    // acknowledgement
      "ff0321 ee";  // payload, and what does not belong to it
  expect_reads(read_gre(hex(text)), {TunnelKind::kGre, 0x4001, 0x880b, "ff0321"});
  expect_tunnel_laws(text, 16, read_gre);
}

TEST(Gre, OfPptpWithoutSequenceNumberOnlyAcknowledges) {
  expect_reads(read_gre(hex("2081 880b 0000 4001 00000002")), {TunnelKind::kGre, 0x4001, 0, ""});
}

TEST(Gre, FollowsNeitherRoutingNorOtherVersionsNorOldTypes) {
  expect_reads(read_gre(hex("4000 0800 00000000")), {TunnelKind::kGre, 0, 0, "00000000"});
  expect_reads(read_gre(hex("0002 0800 45")), {TunnelKind::kGre, 0, 0, "45"});
  expect_reads(read_gre(hex("0000 0000 45")), {TunnelKind::kGre, 0, 0, "45"});  // a keepalive
}

}  // namespace
}  // namespace remora::capture
