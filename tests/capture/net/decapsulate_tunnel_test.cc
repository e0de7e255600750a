#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "capture/net/decapsulate.h"
#include "tests/capture/net/layers.h"
#include "tests/support/damage.h"

namespace remora::capture {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace testing;
using remora::testing::hex;

/// A decapsulator, and the packet that it last wrote.
struct Reading {
  Decapsulator decapsulator;
  Packet packet;
  std::vector<std::byte> bytes;  ///< what `packet` may borrow

  Unwrapped next(const std::string& text, LinkType link = LinkType::kEthernet,
                 std::uint32_t cut_bytes = 0) {
    bytes = hex(text);
    return decapsulator.next(
        {.at = {.time = Moment{std::chrono::seconds{100}}, .frame = FrameNumber{1}},
         .link = link,
         .bytes = bytes,
         .wire_bytes = static_cast<std::uint32_t>(bytes.size()) + cut_bytes},
        packet);
  }
  [[nodiscard]] std::string payload() const {
    std::string out;
    for (const auto byte : packet.payload) { out += number(to_u8(byte), 2); }
    return out;
  }
  [[nodiscard]] std::vector<TunnelKind> kinds() const {
    std::vector<TunnelKind> out;
    for (const auto& layer : packet.tunnels.layers()) { out.push_back(layer.kind); }
    return out;
  }
};

const std::string kInnerIp = ipv4("06", tcp("0300"));
const std::string kInnerFrame = ethernet("0800", kInnerIp, true);

/// One frame for each tunnel, and its kind.
const std::vector<std::pair<TunnelKind, std::string>> kTunnels{
    {TunnelKind::kIpInIp, ethernet("0800", ipv4("04", kInnerIp, kOuter))},
    {TunnelKind::kIpInIp, ethernet("86dd", ipv6("04", kInnerIp))},
    {TunnelKind::kGre, ethernet("0800", ipv4("2f", "00000800" + kInnerIp, kOuter))},
    {TunnelKind::kGre, ethernet("0800", ipv4("2f", "00006558" + kInnerFrame, kOuter))},
    {TunnelKind::kGre, ethernet("0800", ipv4("2f", "00008847 05dc5140" + kInnerIp, kOuter))},
    {TunnelKind::kGre,
     ethernet("0800", ipv4("2f", "3001880b 002e0007 00000001 ff030021" + kInnerIp, kOuter))},
    {TunnelKind::kNvgre, ethernet("0800", ipv4("2f", "20006558 12345607" + kInnerFrame, kOuter))},
    {TunnelKind::kErspan1, ethernet("0800", ipv4("2f", "000088be" + kInnerFrame, kOuter))},
    {TunnelKind::kErspan2,
     ethernet("0800", ipv4("2f", "100088be 00000001 1078006400000001" + kInnerFrame, kOuter))},
    {TunnelKind::kErspan3,
     ethernet("0800",
              ipv4("2f", "100022eb 00000001 207800640102030400000006" + kInnerFrame, kOuter))},
    {TunnelKind::kVxlan, ethernet("0800", ipv4("11", vxlan(5001, kInnerFrame), kOuter))},
    {TunnelKind::kVxlanGpe,
     ethernet("0800", ipv4("11", udp(4790, "0c000001 00138900" + kInnerIp), kOuter))},
    {TunnelKind::kGeneve,
     ethernet("86dd", ipv6("11", udp(6081, "01006558 00138900 01020304" + kInnerFrame)))},
    {TunnelKind::kGtpU,
     ethernet("0800", ipv4("11", udp(2152, "30ff002a a0000001" + kInnerIp), kOuter))},
    {TunnelKind::kTeredo, ethernet("0800", ipv4("11", udp(3544, ipv6("06", tcp("0300"))), kOuter))},
    {TunnelKind::kL2tp2,
     ethernet("0800", ipv4("11", udp(1701, "000210012002 ff030021" + kInnerIp), kOuter))},
    {TunnelKind::kL2tp3, ethernet("0800", ipv4("73", "00c0ffee 40000001" + kInnerFrame, kOuter))},
    {TunnelKind::kAh,
     ethernet("0800", ipv4("33", "04010000 00001000 00000001" + kInnerIp, kOuter))},
    {TunnelKind::kMplsInUdp,
     ethernet("0800", ipv4("11", udp(6635, "05dc5140" + kInnerIp), kOuter))},
};

TEST(Tunnels, EachGivesThePacketInIt) {
  for (const auto& [kind, text] : kTunnels) {
    Reading reading;
    ASSERT_EQ(reading.next(text), Unwrapped::kPacket) << text;
    EXPECT_EQ(reading.packet.transport, Transport::kTcp);
    EXPECT_EQ(to_number(reading.packet.destination_port), 3389);
    EXPECT_EQ(reading.payload(), "0300");
    EXPECT_EQ(reading.packet.payload_wire_bytes, 2U);
    EXPECT_EQ(reading.packet.segment.size(), 22U);
    EXPECT_EQ(reading.packet.wire_bytes, reading.bytes.size());
    EXPECT_THAT(reading.kinds(), ElementsAre(kind)) << text;
  }
}

TEST(Tunnels, TellTheirOuterAddressesAndNetwork) {
  Reading reading;
  ASSERT_EQ(reading.next(ethernet("0800", ipv4("11", vxlan(5001, kInnerFrame), kOuter))),
            Unwrapped::kPacket);
  const auto layers = reading.packet.tunnels.layers();
  ASSERT_EQ(layers.size(), 1U);
  EXPECT_EQ(layers[0].source.to_text(), "203.0.113.1");
  EXPECT_EQ(layers[0].destination.to_text(), "203.0.113.2");
  EXPECT_EQ(layers[0].id, 5001U);
  EXPECT_EQ(reading.packet.source.to_text(), "10.0.0.1");
}

TEST(Tunnels, LinkAddressesAndVlansAreOfTheInnermostFrame) {
  Reading reading;
  const auto tagged = ethernet("8100 001f 0800", kInnerIp, true);
  ASSERT_EQ(reading.next(ethernet("8100 0064 0800", ipv4("11", vxlan(7, tagged), kOuter))),
            Unwrapped::kPacket);
  EXPECT_EQ(reading.packet.source_mac->to_text(), "02:00:5e:00:00:11");
  EXPECT_THAT(reading.packet.vlans.ids(), ElementsAre(31));
  ASSERT_EQ(reading.next(ethernet("8100 0064 0800", ipv4("11", vxlan(7, kInnerFrame), kOuter))),
            Unwrapped::kPacket);
  EXPECT_THAT(reading.packet.vlans.ids(), IsEmpty());
  ASSERT_EQ(reading.next(ethernet("8100 0064 0800", ipv4("04", kInnerIp, kOuter))),
            Unwrapped::kPacket);
  EXPECT_EQ(reading.packet.source_mac->to_text(), "02:00:5e:00:00:01");
  EXPECT_THAT(reading.packet.vlans.ids(), ElementsAre(100));
}

TEST(Tunnels, LabelsAndBackboneTagsAreNoTunnels) {
  for (const auto& text : {ethernet("8847", "03e81040 05dc5140" + kInnerIp),
                           ethernet("8847", "05dc5140 00000001" + kInnerFrame),
                           ethernet("88a8 01f4 88e7", "0000abcd" + kInnerFrame),
                           ethernet("0800", ipv4("33",
                                                 "06040000 00001000 00000001"
                                                 "000000000000000000000000" +
                                                     tcp("0300")))}) {
    Reading reading;
    ASSERT_EQ(reading.next(text), Unwrapped::kPacket) << text;
    EXPECT_EQ(reading.payload(), "0300");
    EXPECT_TRUE(reading.packet.tunnels.empty());
  }
}

TEST(Tunnels, InsideOneAnotherAreToldOutermostFirst) {
  Reading reading;
  const auto gre = ipv4("2f", "00000800" + ipv4("11", vxlan(5, kInnerFrame)), kMiddle);
  ASSERT_EQ(reading.next(ethernet("0800", ipv4("04", gre, kOuter))), Unwrapped::kPacket);
  EXPECT_THAT(reading.kinds(),
              ElementsAre(TunnelKind::kIpInIp, TunnelKind::kGre, TunnelKind::kVxlan));
  ASSERT_EQ(reading.next(ethernet("0800", kInnerIp)), Unwrapped::kPacket);
  EXPECT_TRUE(reading.packet.tunnels.empty()) << "forgotten with the packet before";
}

TEST(Tunnels, AreFollowedToALimit) {
  auto text = kInnerIp;
  for (int depth = 1; depth < kMaxLayers; ++depth) { text = ipv4("04", text, kOuter); }
  Reading reading;
  EXPECT_EQ(reading.next(text, LinkType::kRaw), Unwrapped::kPacket);
  EXPECT_EQ(reading.packet.tunnels.layers().size(), TunnelStack::kKept);
  EXPECT_EQ(reading.next(ipv4("04", text, kOuter), LinkType::kRaw), Unwrapped::kTooDeep);
  EXPECT_EQ(reading.decapsulator.count(Unwrapped::kTooDeep), 1U);
}

TEST(Tunnels, AUdpDatagramWhoseContentIsNoPacketIsThePacket) {
  for (const auto& inside :
       {ethernet("0806", "0001080006040001", true),                // ARP
        ethernet("0800", ipv4("01", "0800000000000000"), true),    // an ICMP echo
        ethernet("0800", ipv4("06", "c350"), true),                // too short for TCP
        ethernet("0800", "4400", true), std::string{"02005e"}}) {  // damaged, cut short
    Reading reading;
    const auto datagram = vxlan(5001, inside);
    ASSERT_EQ(reading.next(ethernet("0800", ipv4("11", datagram, kOuter))), Unwrapped::kPacket);
    EXPECT_EQ(reading.packet.transport, Transport::kUdp);
    EXPECT_EQ(to_number(reading.packet.destination_port), 4789);
    EXPECT_EQ(reading.packet.source.to_text(), "203.0.113.1");
    EXPECT_EQ(reading.packet.payload.size(), size_of(datagram) - 8);
    EXPECT_TRUE(reading.packet.tunnels.empty());
  }
}

TEST(Tunnels, TheInnermostDatagramThatCanBeReadIsThePacket) {
  Reading reading;
  const auto arp = ethernet("0806", "0001080006040001", true);
  const auto inner = ethernet("0800", ipv4("11", vxlan(6, arp)), true);
  ASSERT_EQ(reading.next(ethernet("0800", ipv4("11", vxlan(5, inner), kOuter))),
            Unwrapped::kPacket);
  EXPECT_EQ(reading.packet.source.to_text(), "10.0.0.1");
  EXPECT_THAT(reading.kinds(), ElementsAre(TunnelKind::kVxlan));
}

TEST(Tunnels, AboveIpSayWhyTheyGiveNoPacket) {
  Reading reading;
  const auto gre = [&](const std::string& content) {
    return reading.next(ethernet("0800", ipv4("2f", content, kOuter)));
  };
  EXPECT_EQ(gre("00006558" + ethernet("0806", "0001", true)), Unwrapped::kNotIp);
  EXPECT_EQ(gre("00000800" + ipv4("32", "00000000")), Unwrapped::kNotTcpUdp);
  EXPECT_EQ(gre("00000000"), Unwrapped::kNotTcpUdp) << "a keepalive";
  EXPECT_EQ(gre("20000800"), Unwrapped::kBadHeader) << "no key";
  EXPECT_EQ(gre("00000800 6500"), Unwrapped::kBadHeader);
}

TEST(Tunnels, ACutPayloadKeepsItsLengthOnTheWire) {
  const auto whole = ethernet(
      "0800",
      ipv4("11", vxlan(5, ethernet("0800", ipv4("06", tcp(std::string(200, '0'))), true)), kOuter));
  const auto size = size_of(whole);
  Reading reading;
  ASSERT_EQ(reading.next(whole + "0000 0000"), Unwrapped::kPacket) << "with padding";
  EXPECT_EQ(reading.packet.payload.size(), 100U);
  EXPECT_EQ(reading.packet.payload_wire_bytes, 100U);
  const auto bytes = hex(whole);
  const auto digits = [&](std::size_t count) {
    std::string out;
    for (const auto byte : ByteView{bytes}.first(count)) { out += number(to_u8(byte), 2); }
    return out;
  };
  ASSERT_EQ(reading.next(digits(size - 60), LinkType::kEthernet, 60), Unwrapped::kPacket);
  EXPECT_EQ(reading.packet.payload.size(), 40U);
  EXPECT_EQ(reading.packet.payload_wire_bytes, 100U);
  EXPECT_EQ(reading.packet.wire_bytes, size);
}

TEST(Tunnels, EveryTruncationGivesAReasonOrAShorterPayload) {
  for (const auto& [kind, text] : kTunnels) {
    const auto good = hex(text);
    remora::testing::for_every_truncation(good, [&](const auto& cut) {
      Decapsulator decapsulator;
      Packet packet;
      const auto end = decapsulator.next({.at = {},
                                          .link = LinkType::kEthernet,
                                          .bytes = cut,
                                          .wire_bytes = static_cast<std::uint32_t>(good.size())},
                                         packet);
      EXPECT_TRUE(end == Unwrapped::kPacket || end == Unwrapped::kTruncated ||
                  end == Unwrapped::kNotTcpUdp)  // L2TPv3 whose content cannot be told
          << text << " cut at " << cut.size();
      if (end == Unwrapped::kPacket) {
        EXPECT_LE(packet.payload.size(), packet.payload_wire_bytes);
      }
    });
  }
}

TEST(Tunnels, SurviveEveryChangedByte) {
  for (const auto& [kind, text] : kTunnels) {
    Decapsulator decapsulator;
    remora::testing::for_every_changed_byte(hex(text), [&](const auto& changed) {
      Packet packet;
      if (decapsulator.next({.at = {},
                             .link = LinkType::kEthernet,
                             .bytes = changed,
                             .wire_bytes = static_cast<std::uint32_t>(changed.size())},
                            packet) == Unwrapped::kPacket) {
        EXPECT_LE(packet.payload.size(), packet.payload_wire_bytes);
      }
    });
  }
}

TEST(IcmpErrors, AreToldAlsoInsideTunnels) {
  const auto error = ipv4("01", "0b00000000000000" + ipv4("06", "c3500d3d00000007"), kMiddle);
  Reading reading;
  ASSERT_EQ(reading.next(ethernet("0800", error)), Unwrapped::kIcmpError);
  EXPECT_EQ(reading.decapsulator.icmp_error().reporter.to_text(), "203.0.113.17");
  EXPECT_EQ(reading.decapsulator.icmp_error().sequence, 7U);
  EXPECT_EQ(reading.packet.at.frame, FrameNumber{1});
  EXPECT_EQ(reading.packet.wire_bytes, reading.bytes.size());
  ASSERT_EQ(
      reading.next(ethernet("0800", ipv4("11", vxlan(5, ethernet("0800", error, true)), kOuter))),
      Unwrapped::kIcmpError);
  EXPECT_THAT(reading.kinds(), ElementsAre(TunnelKind::kVxlan));
  EXPECT_EQ(reading.decapsulator.count(Unwrapped::kIcmpError), 2U);
}

TEST(Packets, BearOptionsUrgentPointerAndSegment) {
  Reading reading;
  const std::string segment =
      "c350 0d3d 00000001 00000002 7038 0400 0000 0005 020405b4 01030308 aabb";
  const auto text = "4700" + number(28 + size_of(segment), 4) +
                    "abcd4000400600000a0000010a000002 07070800 0a0000fe" + segment;
  ASSERT_EQ(reading.next(text, LinkType::kRaw), Unwrapped::kPacket);
  EXPECT_TRUE(std::ranges::equal(reading.packet.ip_options, hex("07070800 0a0000fe")));
  EXPECT_TRUE(std::ranges::equal(reading.packet.tcp_options, hex("020405b4 01030308")));
  EXPECT_TRUE(std::ranges::equal(reading.packet.segment, hex(segment)));
  EXPECT_EQ(reading.packet.urgent, 5);
  ASSERT_EQ(reading.next(ipv4("11", udp(53, "aa")), LinkType::kRaw), Unwrapped::kPacket);
  EXPECT_TRUE(reading.packet.ip_options.empty());
  EXPECT_TRUE(reading.packet.tcp_options.empty());
  EXPECT_EQ(reading.packet.urgent, 0);
  EXPECT_EQ(reading.packet.segment.size(), 9U);
}

}  // namespace
}  // namespace remora::capture
