#include "capture/net/tunnels/erspan.h"

#include "tests/capture/net/tunnels/reading.h"

namespace remora::capture {
namespace {

using remora::testing::hex;
using testing::expect_reads;
using testing::expect_tunnel_laws;

TEST(Erspan, Type1IsTheFrame) {
  expect_reads(read_erspan_1(hex("aabb")), {TunnelKind::kErspan1, 0, 0x6558, "aabb"});
}

TEST(Erspan, Type2) {
  const auto text =
      "1 078"      // version 1, VLAN
      "5c64"       // COS, En, T, session 100
      "000 00021"  // reserved, index
      "aabb";
  expect_reads(read_erspan_2(hex(text)), {TunnelKind::kErspan2, 100, 0x6558, "aabb"});
  expect_tunnel_laws(text, 8, read_erspan_2);
}

TEST(Erspan, Type3) {
  const auto text =
      "2 078"     // version 2, VLAN
      "0064"      // COS, BSO, T, session 100
      "01020304"  // timestamp
      "0000"      // security group
      "0006"      // no P, frame type Ethernet, hardware 0, no D, granularity, no O
      "aabb";
  expect_reads(read_erspan_3(hex(text)), {TunnelKind::kErspan3, 100, 0x6558, "aabb"});
  expect_tunnel_laws(text, 12, read_erspan_3);
}

TEST(Erspan, Type3WithSubheader) {
  const auto text =
      "2078 0064 01020304 0000"
      "0007"              // O
      "1407002105060708"  // the platform's subheader
      "aabb";
  expect_reads(read_erspan_3(hex(text)), {TunnelKind::kErspan3, 100, 0x6558, "aabb"});
  expect_tunnel_laws(text, 20, read_erspan_3);
}

TEST(Erspan, Type3MayCarryIpWithoutEthernet) {
  expect_reads(read_erspan_3(hex("2078 0064 01020304 0000 0800 45")),
               {TunnelKind::kErspan3, 100, 0x0800, "45"});
  expect_reads(read_erspan_3(hex("2078 0064 01020304 0000 0800 60")),
               {TunnelKind::kErspan3, 100, 0x86dd, "60"});
  expect_reads(read_erspan_3(hex("2078 0064 01020304 0000 7c00 60")),  // frame type 31
               {TunnelKind::kErspan3, 100, 0, "60"});
}

TEST(Erspan, OfAnotherVersionIsNotRead) {
  EXPECT_FALSE(read_erspan_2(hex("2078 0064 00000000 aa")).has_value());
  EXPECT_FALSE(read_erspan_3(hex("1078 0064 01020304 0000 0000 aa")).has_value());
}

}  // namespace
}  // namespace remora::capture
