#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "capture/net/decapsulate.h"
#include "tests/capture/net/layers.h"

namespace remora::capture {
namespace {

using namespace testing;
using remora::testing::hex;

const std::string kSegment = tcp("00112233445566778899aabb");  // 32 bytes

/// The first 24 bytes of a datagram as one fragment, the rest as another.
std::string first_part(const std::string& protocol, const std::string& payload, Ipv4Fields fields) {
  fields.fragment = "2000";
  std::string bytes;
  const auto all = hex(payload);
  for (const auto byte : ByteView{all}.first(24)) { bytes += number(to_u8(byte), 2); }
  return ipv4(protocol, bytes, fields);
}

std::string last_part(const std::string& protocol, const std::string& payload, Ipv4Fields fields) {
  fields.fragment = "0003";
  std::string bytes;
  const auto all = hex(payload);
  for (const auto byte : ByteView{all}.subspan(24)) { bytes += number(to_u8(byte), 2); }
  return ipv4(protocol, bytes, fields);
}

struct Reading {
  Decapsulator decapsulator;
  Packet packet;
  std::vector<std::byte> bytes;

  Unwrapped next(const std::string& text) {
    bytes = hex(text);
    return decapsulator.next({.at = {},
                              .link = LinkType::kEthernet,
                              .bytes = bytes,
                              .wire_bytes = static_cast<std::uint32_t>(bytes.size())},
                             packet);
  }
  [[nodiscard]] bool has_payload() const {
    return std::ranges::equal(packet.payload, hex("00112233445566778899aabb"));
  }
};

std::string in_gre(const std::string& packet) {
  return ethernet("0800", ipv4("2f", "00000800" + packet, kOuter));
}

TEST(FragmentedTunnels, AreJoinedOutsideAndInside) {
  Reading reading;
  const auto datagram = vxlan(5, ethernet("0800", ipv4("06", kSegment), true));
  EXPECT_EQ(reading.next(ethernet("0800", last_part("11", datagram, kOuter))),
            Unwrapped::kFragmentWaiting);
  ASSERT_EQ(reading.next(ethernet("0800", first_part("11", datagram, kOuter))), Unwrapped::kPacket);
  EXPECT_TRUE(reading.has_payload());
  EXPECT_TRUE(reading.packet.fragmented);
  EXPECT_EQ(reading.packet.tunnels.layers().size(), 1U);

  EXPECT_EQ(reading.next(in_gre(first_part("06", kSegment, {}))), Unwrapped::kFragmentWaiting);
  ASSERT_EQ(reading.next(in_gre(last_part("06", kSegment, {}))), Unwrapped::kPacket);
  EXPECT_TRUE(reading.has_payload());
  EXPECT_TRUE(reading.packet.fragmented);
  ASSERT_EQ(reading.next(in_gre(ipv4("06", kSegment))), Unwrapped::kPacket);
  EXPECT_FALSE(reading.packet.fragmented);
}

TEST(FragmentedTunnels, MayHaveFragmentsInFragments) {
  Reading reading;
  const auto inside = [](const std::string& part) {
    return "00000800" + ipv4("2f", "00000800" + part, kMiddle);
  };
  const auto one = inside(first_part("06", kSegment, {}));
  const auto two = inside(last_part("06", kSegment, {}));
  auto later = kOuter;
  later.identification = "abce";
  std::size_t wire_bytes = 0;
  const auto next = [&](const std::string& packet) {
    const auto kind = reading.next(ethernet("0800", packet));
    wire_bytes += reading.bytes.size();
    return kind;
  };
  EXPECT_EQ(next(first_part("2f", one, kOuter)), Unwrapped::kFragmentWaiting);
  EXPECT_EQ(next(last_part("2f", one, kOuter)), Unwrapped::kFragmentWaiting);
  EXPECT_EQ(next(first_part("2f", two, later)), Unwrapped::kFragmentWaiting);
  ASSERT_EQ(next(last_part("2f", two, later)), Unwrapped::kPacket);
  EXPECT_TRUE(reading.has_payload());
  EXPECT_EQ(reading.packet.wire_bytes, wire_bytes);
  EXPECT_EQ(reading.packet.tunnels.layers().size(), 2U);
  EXPECT_EQ(reading.decapsulator.fragments().waiting_datagrams(), 0U);
  EXPECT_EQ(reading.decapsulator.fragments().held_bytes(), 0U);
}

/// Both reassemblies of one call are borrowed: the outer by the datagram that is the packet.
TEST(FragmentedTunnels, ADatagramThatIsThePacketOutlivesAnInnerReassembly) {
  Reading reading;
  const std::string esp(80, '5');  // 40 bytes that are neither TCP nor UDP
  const auto inside = [](const std::string& part) {
    return vxlan(5, ethernet("0800", part, true));
  };
  EXPECT_EQ(reading.next(ethernet("0800", ipv4("11", inside(first_part("32", esp, {})), kOuter))),
            Unwrapped::kFragmentWaiting);
  const auto datagram = inside(last_part("32", esp, {}));
  EXPECT_EQ(reading.next(ethernet("0800", first_part("11", datagram, kOuter))),
            Unwrapped::kFragmentWaiting);
  ASSERT_EQ(reading.next(ethernet("0800", last_part("11", datagram, kOuter))), Unwrapped::kPacket);
  EXPECT_EQ(reading.packet.transport, Transport::kUdp);
  EXPECT_TRUE(std::ranges::equal(reading.packet.segment, hex(datagram)));
}

TEST(FragmentedTunnels, TheSameNumberInTwoNetworksIsTwoDatagrams) {
  const auto part_one = first_part("06", kSegment, {});
  const auto part_two = last_part("06", kSegment, {});
  const auto in_vxlan = [](std::uint32_t network, const std::string& packet) {
    return ethernet("0800", ipv4("11", vxlan(network, ethernet("0800", packet, true)), kOuter));
  };
  const auto in_vlan = [](const std::string& vlan, const std::string& packet) {
    return ethernet("8100" + vlan + "0800", packet);
  };
  const auto behind_label = [](const std::string& label, const std::string& packet) {
    return ethernet("8847", label + "140" + packet);
  };
  const std::vector<std::pair<std::string, std::string>> pairs{
      {in_vxlan(1, part_one), in_vxlan(2, part_two)},
      {in_vlan("0001", part_one), in_vlan("0002", part_two)},
      {behind_label("00001", part_one), behind_label("00002", part_two)},
      {ethernet("0800", part_one), in_gre(part_two)},
      {ethernet("0800", ipv4("04", part_one, kOuter)),
       ethernet("0800", ipv4("04", part_two, kMiddle))},
      {ethernet("88e7 00000001", ethernet("0800", part_one, true)),
       ethernet("88e7 00000002", ethernet("0800", part_two, true))},
  };
  for (const auto& [one, two] : pairs) {
    Reading reading;
    EXPECT_EQ(reading.next(one), Unwrapped::kFragmentWaiting);
    EXPECT_EQ(reading.next(two), Unwrapped::kFragmentWaiting) << two;
    EXPECT_EQ(reading.decapsulator.fragments().waiting_datagrams(), 2U);
  }
}

TEST(FragmentedTunnels, FragmentsThatDisagreeAreTold) {
  Reading reading;
  EXPECT_EQ(reading.next(in_gre(first_part("06", kSegment, {}))), Unwrapped::kFragmentWaiting);
  EXPECT_EQ(reading.next(in_gre(ipv4("06", std::string(32, 'e'), {.fragment = "2001"}))),
            Unwrapped::kFragmentWaiting);
  ASSERT_EQ(reading.next(in_gre(last_part("06", kSegment, {}))), Unwrapped::kPacket);
  EXPECT_TRUE(reading.packet.fragment_conflict);
  EXPECT_TRUE(reading.has_payload());
  EXPECT_EQ(reading.decapsulator.fragments().counters().conflicting, 1U);
  ASSERT_EQ(reading.next(in_gre(ipv4("06", kSegment))), Unwrapped::kPacket);
  EXPECT_FALSE(reading.packet.fragment_conflict);
}

TEST(FragmentedDatagrams, KeepTheOptionsOfTheirFirstFragment) {
  Reading reading;
  const auto with_options = [](const std::string& fragment, const std::string& options,
                               const std::string& payload) {
    return ethernet("0800", "4600" + number(24 + size_of(payload), 4) + "abcd" + fragment +
                                "400600000a0000010a000002" + options + payload);
  };
  EXPECT_EQ(reading.next(with_options("0003", "01010100", "445566778899aabb")),
            Unwrapped::kFragmentWaiting);
  ASSERT_EQ(reading.next(with_options("2000", "94040000", tcp("00112233"))), Unwrapped::kPacket);
  EXPECT_TRUE(std::ranges::equal(reading.packet.ip_options, hex("94040000")));
}

TEST(FragmentedDatagrams, AnAuthenticationHeaderIsSteppedOverOnceTheDatagramIsWhole) {
  Reading reading;
  const auto protected_segment = "06010000 00001000 00000001" + kSegment;
  EXPECT_EQ(reading.next(ethernet("0800", first_part("33", protected_segment, {}))),
            Unwrapped::kFragmentWaiting);
  ASSERT_EQ(reading.next(ethernet("0800", last_part("33", protected_segment, {}))),
            Unwrapped::kPacket);
  EXPECT_TRUE(reading.has_payload());
}

}  // namespace
}  // namespace remora::capture
