#include "capture/net/tunnels/vxlan.h"

#include "tests/capture/net/tunnels/reading.h"

namespace remora::capture {
namespace {

using remora::testing::hex;
using testing::expect_reads;
using testing::expect_tunnel_laws;

TEST(Vxlan, CarriesEthernet) {
  const auto text =
      "08"      // I
      "000000"  // reserved
      "001389"  // network 5001
      "00"      // reserved
      "aabb";
  expect_reads(read_vxlan(hex(text)), {TunnelKind::kVxlan, 5001, 0x6558, "aabb"});
  expect_tunnel_laws(text, 8, read_vxlan);
}

TEST(Vxlan, MayBearAGroupPolicy) {
  expect_reads(read_vxlan(hex("88 08 0010 001389 00 aa")),
               {TunnelKind::kVxlan, 5001, 0x6558, "aa"});
}

TEST(Vxlan, MayHaveAnythingInItsLastReservedByte) {
  expect_reads(read_vxlan(hex("08 000000 001389 07 aa")), {TunnelKind::kVxlan, 5001, 0x6558, "aa"});
}

TEST(Vxlan, WithANextProtocolIsGpeOnWhateverPort) {
  expect_reads(read_vxlan(hex("0c 000003 001389 00 aa")),
               {TunnelKind::kVxlanGpe, 5001, 0x6558, "aa"});
}

TEST(Vxlan, IsToldFromOtherDatagrams) {
  EXPECT_FALSE(read_vxlan(hex("00 000000 001389 00 aa")).has_value());  // no network
  EXPECT_FALSE(read_vxlan(hex("18 000000 001389 00 aa")).has_value());
}

TEST(VxlanGpe, NamesItsNextProtocol) {
  const auto text =
      "0c"      // version 0, I, P
      "0000"    // reserved
      "01"      // IPv4
      "001389"  // network 5001
      "00"      // reserved
      "4500";
  expect_reads(read_vxlan_gpe(hex(text)), {TunnelKind::kVxlanGpe, 5001, 0x0800, "4500"});
  expect_tunnel_laws(text, 8, read_vxlan_gpe);
  for (const auto& [next, ethertype] : {std::pair{"02", 0x86dd}, std::pair{"03", 0x6558},
                                        std::pair{"04", 0}, std::pair{"05", 0x8847}}) {
    const auto read = read_vxlan_gpe(hex(std::string{"0c0000"} + next + "00138900"));
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->ethertype, ethertype) << next;
  }
}

TEST(VxlanGpe, WithoutANextProtocolCarriesEthernet) {
  expect_reads(read_vxlan_gpe(hex("08 000000 001389 00 aa")),
               {TunnelKind::kVxlanGpe, 5001, 0x6558, "aa"});
}

TEST(VxlanGpe, OfAnotherVersionOrForOperationIsNotRead) {
  EXPECT_FALSE(read_vxlan_gpe(hex("1c 000001 001389 00 45")).has_value());
  EXPECT_FALSE(read_vxlan_gpe(hex("0d 000001 001389 00 45")).has_value());
}

}  // namespace
}  // namespace remora::capture
