#include "capture/net/icmp.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/damage.h"
#include "tests/support/hex.h"

namespace remora::capture {
namespace {

using testing::hex;

const std::string kQuotedIpv4 =
    "45 00 0034 abcd 4000 01 06 0000 0a000001 0a000002"  // a TCP packet whose TTL ran out
    "c350 0d3d 11223344";                                // ports and sequence number
const std::string kQuotedIpv6 =
    "60000000 0020 3c 01"
    "20010db8000000000000000000000001 20010db8000000000000000000000002"
    "11 00 000000000000"  // destination options, then UDP
    "c350 0d3d 0018 0000";

IpHeader carrying(std::uint8_t protocol, ByteView message) {
  return {.source = IpAddress::parse(protocol == kProtocolIcmp ? "10.0.0.254" : "fe80::1").value(),
          .destination = IpAddress::parse("10.0.0.1").value(),
          .protocol = protocol,
          .ttl = 63,
          .payload = message,
          .payload_wire_bytes = static_cast<std::uint32_t>(message.size()),
          .fragment = std::nullopt};
}

std::optional<IcmpError> read(std::uint8_t protocol, const std::string& text) {
  const auto bytes = hex(text);
  return read_icmp_error(carrying(protocol, bytes));
}

TEST(IcmpError, QuotesATcpPacketWithEightBytesOfItsHeader) {
  const auto error = read(kProtocolIcmp, "0b 00 0000 00000000" + kQuotedIpv4);
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->reporter.to_text(), "10.0.0.254");
  EXPECT_EQ(error->type, 11);
  EXPECT_EQ(error->code, 0);
  EXPECT_EQ(error->ttl, 63);
  EXPECT_FALSE(error->gateway.has_value());
  EXPECT_EQ(error->source.to_text(), "10.0.0.1:50000");
  EXPECT_EQ(error->destination.to_text(), "10.0.0.2:3389");
  EXPECT_EQ(error->transport, Transport::kTcp);
  EXPECT_EQ(error->sequence, 0x11223344U);
}

TEST(IcmpError, Icmp6QuotesBehindExtensionHeaders) {
  const auto error = read(kProtocolIcmp6, "03 00 0000 00000000" + kQuotedIpv6);
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->source.to_text(), "[2001:db8::1]:50000");
  EXPECT_EQ(error->destination.to_text(), "[2001:db8::2]:3389");
  EXPECT_EQ(error->transport, Transport::kUdp);
  EXPECT_EQ(error->sequence, 0U);
}

TEST(IcmpError, ARedirectNamesTheGateway) {
  const auto error = read(kProtocolIcmp, "05 01 0000 0a0000fd" + kQuotedIpv4);
  ASSERT_TRUE(error.has_value());
  ASSERT_TRUE(error->gateway.has_value());
  EXPECT_EQ(error->gateway->to_text(), "10.0.0.253");
}

TEST(IcmpError, KnowsTheTypesThatAreErrors) {
  for (const std::string type : {"03", "04", "05", "0b", "0c"}) {
    EXPECT_TRUE(read(kProtocolIcmp, type + "000000 00000000" + kQuotedIpv4).has_value()) << type;
  }
  for (const std::string type : {"00", "08", "0d"}) {
    EXPECT_FALSE(read(kProtocolIcmp, type + "000000 00000000" + kQuotedIpv4).has_value()) << type;
  }
  for (const std::string type : {"01", "02", "03", "04"}) {
    EXPECT_TRUE(read(kProtocolIcmp6, type + "000000 00000000" + kQuotedIpv6).has_value()) << type;
  }
  for (const std::string type : {"80", "81", "87", "89"}) {
    EXPECT_FALSE(read(kProtocolIcmp6, type + "000000 00000000" + kQuotedIpv6).has_value()) << type;
  }
}

TEST(IcmpError, QuotesTheFirstFragmentButNoLaterOne) {
  const std::string before = "0b 00 0000 00000000 45 00 0034 abcd ";
  const std::string after = " 01 06 0000 0a000001 0a000002 c3500d3d11223344";
  EXPECT_TRUE(read(kProtocolIcmp, before + "2000" + after).has_value());
  EXPECT_FALSE(read(kProtocolIcmp, before + "2001" + after).has_value());
}

std::optional<IcmpError> read_quoting(const std::string& protocol, const std::string& start) {
  return read(kProtocolIcmp, "0b 00 0000 00000000 45 00 0034 abcd 4000 01" + protocol +
                                 "0000 0a000001 0a000002" + start);
}

TEST(IcmpError, QuotesAnEchoOfATracedRoute) {
  const auto error = read_quoting("01", "0800 0000 0001 0007");
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->source.to_text(), "10.0.0.1:0");
  EXPECT_EQ(error->destination.to_text(), "10.0.0.2:0");
  EXPECT_FALSE(error->transport.has_value());
  const auto over_6 = read(kProtocolIcmp6,
                           "03 00 0000 00000000 60000000 0020 3a 01"
                           "20010db8000000000000000000000001 20010db8000000000000000000000002"
                           "8000 0000 0001 0007");
  ASSERT_TRUE(over_6.has_value());
  EXPECT_EQ(over_6->destination.address.to_text(), "2001:db8::2");
}

TEST(IcmpError, OfAnotherProtocolIsNotForUs) {
  EXPECT_FALSE(read_quoting("32", "0800 0000 00000000").has_value());  // ESP
  EXPECT_FALSE(read_quoting("01", "0b00 0000 00000000").has_value()) << "an error of an error";
}

TEST(IcmpError, WhatIsCutBeforeThePortsAndNumberIsNotRead) {
  for (const auto& [protocol, text] :
       {std::pair{kProtocolIcmp, "0b 00 0000 00000000" + kQuotedIpv4},
        std::pair{kProtocolIcmp6, "03 00 0000 00000000" + kQuotedIpv6}}) {
    const auto good = hex(text);
    testing::for_every_truncation(good, [&, number = protocol](const auto& cut) {
      EXPECT_FALSE(read_icmp_error(carrying(number, cut)).has_value()) << cut.size();
    });
    testing::for_every_changed_byte(good, [&, number = protocol](const auto& changed) {
      (void)read_icmp_error(carrying(number, changed));
    });
  }
}

}  // namespace
}  // namespace remora::capture
