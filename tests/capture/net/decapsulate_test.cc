#include "capture/net/decapsulate.h"

#include <algorithm>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/damage.h"
#include "tests/support/hex.h"

namespace remora::capture {
namespace {

using ::testing::ElementsAre;
using testing::hex;

const std::string kEthernet = "000c29123456 0050568899aa";

const std::string kTcpSegment =
    "c350 0d3d 00000001 00000002 50 18 0400 0000 0000"  // a TCP header, PSH and ACK
    "0300";                                             // payload

/// Ethernet, a VLAN tag, IPv4 and TCP with two bytes of payload and two of padding.
const std::string kTcpFrame = kEthernet + "8100 0064 0800" +
                              "45 00 002a abcd 4000 40 06 0000 0a000001 0a000002" + kTcpSegment +
                              "ffff";

/// Raw IPv6 and UDP with four bytes of payload.
const std::string kUdpFrame =
    "60000000 000c 11 ff"
    "20010db8000000000000000000000001 20010db8000000000000000000000002"
    "c350 0d3d 000c 0000 aabbccdd";

Frame frame_of(const std::vector<std::byte>& bytes, LinkType link = LinkType::kEthernet,
               std::uint64_t number = 1) {
  return {.at = {.time = Moment{std::chrono::seconds{100}}, .frame = FrameNumber{number}},
          .link = link,
          .bytes = bytes,
          .wire_bytes = static_cast<std::uint32_t>(bytes.size())};
}

Unwrapped unwrap(const std::string& text, LinkType link = LinkType::kEthernet) {
  Decapsulator decapsulator;
  Packet packet;
  return decapsulator.next(frame_of(hex(text), link), packet);
}

TEST(Decapsulator, GivesATcpSegmentWithAllThatWasMetOnTheWay) {
  Decapsulator decapsulator;
  Packet packet;
  const auto bytes = hex(kTcpFrame);
  ASSERT_EQ(decapsulator.next(frame_of(bytes), packet), Unwrapped::kPacket);
  EXPECT_EQ(packet.at, frame_of(bytes).at);
  EXPECT_EQ(packet.wire_bytes, bytes.size());
  EXPECT_EQ(packet.source.to_text(), "10.0.0.1");
  EXPECT_EQ(packet.destination.to_text(), "10.0.0.2");
  EXPECT_EQ(packet.transport, Transport::kTcp);
  EXPECT_EQ(to_number(packet.source_port), 50000);
  EXPECT_EQ(to_number(packet.destination_port), 3389);
  EXPECT_EQ(packet.ttl, 64);
  EXPECT_EQ(packet.sequence, 1U);
  EXPECT_EQ(packet.acknowledgement, 2U);
  EXPECT_EQ(packet.flags, (TcpFlags{TcpFlag::kPsh, TcpFlag::kAck}));
  EXPECT_EQ(packet.window, 0x0400);
  EXPECT_TRUE(std::ranges::equal(packet.payload, hex("0300")));
  EXPECT_EQ(packet.payload_wire_bytes, 2U);
  EXPECT_EQ(packet.source_mac->to_text(), "00:50:56:88:99:aa");
  EXPECT_EQ(packet.destination_mac->to_text(), "00:0c:29:12:34:56");
  EXPECT_THAT(packet.vlans.ids(), ElementsAre(100));
}

TEST(Decapsulator, GivesAUdpDatagramAndForgetsThePacketBefore) {
  Decapsulator decapsulator;
  Packet packet;
  const auto tcp = hex(kTcpFrame);
  ASSERT_EQ(decapsulator.next(frame_of(tcp), packet), Unwrapped::kPacket);
  const auto udp = hex(kUdpFrame);
  ASSERT_EQ(decapsulator.next(frame_of(udp, LinkType::kRaw, 2), packet), Unwrapped::kPacket);
  EXPECT_EQ(packet.at.frame, FrameNumber{2});
  EXPECT_EQ(packet.source.to_text(), "2001:db8::1");
  EXPECT_EQ(packet.transport, Transport::kUdp);
  EXPECT_EQ(packet.ttl, 255);
  EXPECT_TRUE(std::ranges::equal(packet.payload, hex("aabbccdd")));
  EXPECT_EQ(packet.sequence, 0U);
  EXPECT_EQ(packet.acknowledgement, 0U);
  EXPECT_EQ(packet.flags, TcpFlags{});
  EXPECT_EQ(packet.window, 0);
  EXPECT_FALSE(packet.source_mac.has_value());
  EXPECT_FALSE(packet.destination_mac.has_value());
  EXPECT_TRUE(packet.vlans.ids().empty());
}

TEST(Decapsulator, SaysWhyAFrameGivesNoPacketAndCounts) {
  Decapsulator decapsulator;
  Packet packet;
  const auto next = [&](const std::string& text, LinkType link, std::uint32_t cut_bytes) {
    const auto bytes = hex(text);
    auto frame = frame_of(bytes, link);
    frame.wire_bytes += cut_bytes;
    return decapsulator.next(frame, packet);
  };
  const auto ethernet = LinkType::kEthernet;
  EXPECT_EQ(next(kEthernet + "0806 0001", ethernet, 0), Unwrapped::kNotIp);
  EXPECT_EQ(next(kEthernet, ethernet, 100), Unwrapped::kTruncated);
  EXPECT_EQ(next(kEthernet, ethernet, 0), Unwrapped::kBadHeader);
  EXPECT_EQ(next(kEthernet + "0800 4500", ethernet, 100), Unwrapped::kTruncated);
  EXPECT_EQ(next(kEthernet + "0800 6500", ethernet, 0), Unwrapped::kBadHeader);
  EXPECT_EQ(
      next("45 00 001c 0000 4000 40 01 0000 0a000001 0a000002 0800000000000000", LinkType::kRaw, 0),
      Unwrapped::kNotTcpUdp);
  EXPECT_EQ(next("00", LinkType{147}, 0), Unwrapped::kUnsupportedLink);
  EXPECT_EQ(next(kTcpFrame, ethernet, 0), Unwrapped::kPacket);

  EXPECT_EQ(decapsulator.count(Unwrapped::kNotIp), 1U);
  EXPECT_EQ(decapsulator.count(Unwrapped::kTruncated), 2U);
  EXPECT_EQ(decapsulator.count(Unwrapped::kBadHeader), 2U);
  EXPECT_EQ(decapsulator.count(Unwrapped::kNotTcpUdp), 1U);
  EXPECT_EQ(decapsulator.count(Unwrapped::kUnsupportedLink), 1U);
  EXPECT_EQ(decapsulator.count(Unwrapped::kPacket), 1U);
  EXPECT_EQ(decapsulator.count(Unwrapped::kFragmentWaiting), 0U);
}

TEST(Decapsulator, AnIpVersionThatIsNotTheAnnouncedOneIsABadHeader) {
  EXPECT_EQ(unwrap(kEthernet + "86dd 45 00 0014 0000 4000 40 06 0000 0a000001 0a000002" +
                   std::string(40, '0')),
            Unwrapped::kBadHeader);
}

TEST(Decapsulator, SegmentationOffloadLeavesNoLengthAndAllIsPayload) {
  Decapsulator decapsulator;
  Packet packet;
  const auto bytes = hex("45 00 0000 abcd 4000 40 06 0000 0a000001 0a000002" + kTcpSegment);
  auto frame = frame_of(bytes, LinkType::kRaw);
  frame.wire_bytes = 70'040;
  ASSERT_EQ(decapsulator.next(frame, packet), Unwrapped::kPacket);
  EXPECT_EQ(packet.payload.size(), 2U);
  EXPECT_EQ(packet.payload_wire_bytes, 70'000U);
}

TEST(Decapsulator, ACutPayloadKeepsItsLengthOnTheWire) {
  Decapsulator decapsulator;
  Packet packet;
  const auto bytes = hex("45 00 05dc abcd 4000 40 06 0000 0a000001 0a000002" + kTcpSegment);
  auto frame = frame_of(bytes, LinkType::kRaw);
  frame.wire_bytes = 1500;
  ASSERT_EQ(decapsulator.next(frame, packet), Unwrapped::kPacket);
  EXPECT_EQ(packet.payload.size(), 2U);
  EXPECT_EQ(packet.payload_wire_bytes, 1460U);
  EXPECT_EQ(packet.wire_bytes, 1500U);
}

TEST(Decapsulator, JoinsFragmentsOfIpv4) {
  Decapsulator decapsulator;
  Packet packet;
  const auto last =
      hex("45 00 0016 abcd 0002 40 06 0000 0a000001 0a000002"
          "ccdd");
  const auto first =
      hex("45 00 0024 abcd 2000 3f 06 0000 0a000001 0a000002"
          "c350 0d3d 00000001 00000002 5018 0400");
  EXPECT_EQ(decapsulator.next(frame_of(last, LinkType::kRaw, 1), packet),
            Unwrapped::kFragmentWaiting);
  EXPECT_EQ(decapsulator.next(frame_of(first, LinkType::kRaw, 2), packet), Unwrapped::kBadHeader)
      << "18 bytes are no TCP header";

  const auto tail =
      hex("45 00 001a abce 0002 40 06 0000 0a000001 0a000002"
          "0000 0000 aabb");
  const auto head =
      hex("45 00 0024 abce 2000 3f 06 0000 0a000001 0a000002"
          "c350 0d3d 00000001 00000002 5018 0400");
  EXPECT_EQ(decapsulator.next(frame_of(tail, LinkType::kRaw, 3), packet),
            Unwrapped::kFragmentWaiting);
  ASSERT_EQ(decapsulator.next(frame_of(head, LinkType::kRaw, 4), packet), Unwrapped::kPacket);
  EXPECT_EQ(packet.at.frame, FrameNumber{4});
  EXPECT_EQ(packet.wire_bytes, tail.size() + head.size());
  EXPECT_TRUE(std::ranges::equal(packet.payload, hex("aabb")));
  EXPECT_EQ(decapsulator.fragments().counters().completed, 2U);
}

TEST(Decapsulator, JoinsFragmentsOfIpv6WithExtensionHeadersInThem) {
  const std::string addresses = "20010db8000000000000000000000001 20010db8000000000000000000000002";
  Decapsulator decapsulator;
  Packet packet;
  const auto first = hex("60000000 0018 2c 40" + addresses +
                         "3c 00 0001 00000009"  // destination options, offset 0, more
                         "11 00 000000000000"   // options, then UDP
                         "c350 0d3d 000a 0000");
  const auto last = hex("60000000 000a 2c 40" + addresses +
                        "3c 00 0010 00000009"
                        "aabb");
  EXPECT_EQ(decapsulator.next(frame_of(first, LinkType::kRaw), packet),
            Unwrapped::kFragmentWaiting);
  ASSERT_EQ(decapsulator.next(frame_of(last, LinkType::kRaw), packet), Unwrapped::kPacket);
  EXPECT_EQ(packet.transport, Transport::kUdp);
  EXPECT_TRUE(std::ranges::equal(packet.payload, hex("aabb")));
}

TEST(Decapsulator, AFragmentCutByTheCaptureIsTruncatedAndNotKept) {
  Decapsulator decapsulator;
  Packet packet;
  const auto bytes = hex("45 00 05dc abcd 2000 40 11 0000 0a000001 0a000002 0102030405060708");
  auto frame = frame_of(bytes, LinkType::kRaw);
  frame.wire_bytes = 1500;
  EXPECT_EQ(decapsulator.next(frame, packet), Unwrapped::kTruncated);
  EXPECT_EQ(decapsulator.fragments().waiting_datagrams(), 0U);
}

TEST(Decapsulator, AnImpossibleFragmentIsDropped) {
  EXPECT_EQ(
      unwrap("45 00 001c abcd 1fff 40 11 0000 0a000001 0a000002 0102030405060708", LinkType::kRaw),
      Unwrapped::kFragmentDropped);
}

TEST(Decapsulator, EveryTruncationGivesAReasonOrAShorterPayload) {
  for (const auto& [text, link] :
       {std::pair{kTcpFrame, LinkType::kEthernet}, std::pair{kUdpFrame, LinkType::kRaw}}) {
    const auto good = hex(text);
    testing::for_every_truncation(good, [&, link = link](const auto& cut) {
      Decapsulator decapsulator;
      Packet packet;
      auto frame = frame_of(cut, link);
      frame.wire_bytes = static_cast<std::uint32_t>(good.size());
      const auto kind = decapsulator.next(frame, packet);
      EXPECT_TRUE(kind == Unwrapped::kPacket || kind == Unwrapped::kTruncated) << cut.size();
      if (kind == Unwrapped::kPacket) {
        EXPECT_LE(packet.payload.size(), packet.payload_wire_bytes);
      }
    });
  }
}

TEST(Decapsulator, SurvivesEveryChangedByte) {
  for (const auto& [text, link] :
       {std::pair{kTcpFrame, LinkType::kEthernet}, std::pair{kUdpFrame, LinkType::kRaw}}) {
    Decapsulator decapsulator;
    testing::for_every_changed_byte(hex(text), [&, link = link](const auto& bytes) {
      Packet packet;
      if (decapsulator.next(frame_of(bytes, link), packet) == Unwrapped::kPacket) {
        EXPECT_LE(packet.payload.size(), packet.payload_wire_bytes);
      }
    });
  }
}

}  // namespace
}  // namespace remora::capture
