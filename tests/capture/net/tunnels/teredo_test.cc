#include "capture/net/tunnels/teredo.h"

#include <string>

#include "tests/capture/net/tunnels/reading.h"

namespace remora::capture {
namespace {

using remora::testing::hex;
using testing::expect_reads;
using testing::expect_tunnel_laws;

/// IPv6 with two bytes of payload.
const std::string kIpv6 =
    "60000000 0002 3b 40"
    "20010db8000000000000000000000001 20010db8000000000000000000000002"
    "aabb";

std::optional<Encapsulated> read(const std::string& text) {
  static std::vector<std::byte> bytes;  // outlives what is borrowed from it
  bytes = hex(text);
  return read_teredo(bytes, static_cast<std::uint32_t>(bytes.size()));
}

TEST(Teredo, IsIpv6InUdp) {
  expect_reads(read(kIpv6), {TunnelKind::kTeredo, 0, 0x86dd, kIpv6});
}

TEST(Teredo, StepsOverAuthenticationAndOrigin) {
  const auto text =
      "0001 01 02"            // authentication; lengths of identifier and value
      "11 2233"               // identifier, value
      "0102030405060708"      // nonce
      "00"                    // confirmation
      "0000 63bf 34ff8e9c" +  // origin: port and address, inverted
      kIpv6;
  expect_reads(read(text), {TunnelKind::kTeredo, 0, 0x86dd, kIpv6});
  const auto size = static_cast<std::uint32_t>(hex(text).size());
  expect_tunnel_laws(text, 16 + 8 + 40, [&](ByteView bytes) { return read_teredo(bytes, size); });
}

TEST(Teredo, IsToldAwayFromItsPortByAnAddressOfItsOwn) {
  const auto elsewhere = [](const std::string& text, std::uint32_t behind = 0) {
    static std::vector<std::byte> bytes;
    bytes = hex(text);
    return read_teredo_elsewhere(bytes, static_cast<std::uint32_t>(bytes.size()) + behind);
  };
  const std::string head = "60000000 0002 3b 40";
  const std::string plain = "20010db8000000000000000000000001";
  const std::string mapped = "20010000284a0364 0000 f227 34ff8e9c";
  expect_reads(elsewhere(head + mapped + plain + "aabb"),
               {TunnelKind::kTeredo, 0, 0x86dd, head + mapped + plain + "aabb"});
  expect_reads(elsewhere(head + plain + mapped + "aabb"),
               {TunnelKind::kTeredo, 0, 0x86dd, head + plain + mapped + "aabb"});
  EXPECT_FALSE(elsewhere(head + plain + plain + "aabb").has_value());
  EXPECT_FALSE(elsewhere(head + plain + mapped + "aabbcc").has_value()) << "not its size";
  EXPECT_FALSE(elsewhere(head + plain + mapped + "aabb", 1).has_value()) << "not its size";
  EXPECT_FALSE(elsewhere("40" + head.substr(2) + plain + mapped + "aabb").has_value());
  EXPECT_FALSE(elsewhere(head + plain).has_value());
}

TEST(Teredo, IsToldFromOtherDatagrams) {
  EXPECT_FALSE(read("45" + kIpv6.substr(2)).has_value());
  EXPECT_FALSE(read("60000000 0003" + kIpv6.substr(13)).has_value());  // more than there is
  EXPECT_FALSE(read("0002 0000 00000000" + kIpv6).has_value());
}

}  // namespace
}  // namespace remora::capture
