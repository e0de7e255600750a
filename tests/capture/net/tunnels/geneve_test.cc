#include "capture/net/tunnels/geneve.h"

#include "tests/capture/net/tunnels/reading.h"

namespace remora::capture {
namespace {

using remora::testing::hex;
using testing::expect_reads;
using testing::expect_tunnel_laws;

TEST(Geneve, StepsOverItsOptions) {
  const auto text =
      "03"                  // version 0, three words of options
      "00"                  // neither O nor C
      "6558"                // Ethernet
      "001389 00"           // network 5001, reserved
      "0104 80 010a0b0c0d"  // class, type, one word
      "0000 01 00"          // another without
      "aabb";
  expect_reads(read_geneve(hex(text)), {TunnelKind::kGeneve, 5001, 0x6558, "aabb"});
  expect_tunnel_laws(text, 20, read_geneve);
}

TEST(Geneve, MayCarryIpItself) {
  expect_reads(read_geneve(hex("00 40 0800 001389 00 45")),
               {TunnelKind::kGeneve, 5001, 0x0800, "45"});
}

TEST(Geneve, AControlPacketCarriesNothing) {
  expect_reads(read_geneve(hex("00 80 6558 001389 00 aa")), {TunnelKind::kGeneve, 5001, 0, "aa"});
}

TEST(Geneve, IsToldFromOtherDatagrams) {
  EXPECT_FALSE(read_geneve(hex("40 00 6558 001389 00 aa")).has_value());  // version 1
  EXPECT_FALSE(read_geneve(hex("00 01 6558 001389 00 aa")).has_value());  // reserved bits
  EXPECT_FALSE(read_geneve(hex("00 00 0500 001389 00 aa")).has_value());  // no EtherType
}

}  // namespace
}  // namespace remora::capture
