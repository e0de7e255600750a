#include "capture/net/ipv6.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/damage.h"
#include "tests/support/hex.h"

namespace remora::capture {
namespace {

using testing::hex;

/// A header from 2001:db8::1 to 2001:db8::2, then `rest`.
std::string ipv6(const std::string& payload_length, const std::string& next_header,
                 const std::string& rest) {
  return "60000000" + payload_length + next_header +
         "40"                                // version …, hop limit
         "20010db8000000000000000000000001"  // source
         "20010db8000000000000000000000002" +
         rest;  // destination
}

IpResult read(const std::string& text) {
  static std::vector<std::byte> bytes;  // borrowed by the result
  bytes = hex(text);
  return read_ipv6(bytes, static_cast<std::uint32_t>(bytes.size()));
}

TEST(Ipv6, ReadsItsFields) {
  const auto ip = read(ipv6("0004", "06", "01020304"));
  ASSERT_TRUE(ip.has_value());
  EXPECT_EQ(ip->source.to_text(), "2001:db8::1");
  EXPECT_EQ(ip->destination.to_text(), "2001:db8::2");
  EXPECT_EQ(ip->protocol, 6);
  EXPECT_EQ(ip->ttl, 64);
  EXPECT_TRUE(std::ranges::equal(ip->payload, hex("01020304")));
  EXPECT_EQ(ip->payload_wire_bytes, 4U);
}

TEST(Ipv6, WhatFollowsThePayloadLengthIsPadding) {
  const auto ip = read(ipv6("0002", "11", "01020304"));
  ASSERT_TRUE(ip.has_value());
  EXPECT_EQ(ip->payload.size(), 2U);
  EXPECT_EQ(ip->payload_wire_bytes, 2U);
}

TEST(Ipv6, APayloadLengthOfZeroMeansAllThatTheLinkCarried) {
  const auto ip = read(ipv6("0000", "06", "01020304"));
  ASSERT_TRUE(ip.has_value());
  EXPECT_EQ(ip->payload_wire_bytes, 4U);
}

TEST(Ipv6, WalksEveryExtensionHeader) {
  const auto ip = read(ipv6("0044", "00",         // payload of 68 bytes
                            "2b 00 000000000000"  // hop-by-hop, then routing
                            "3c 00 000000000000"  // routing, then destination options
                            "33 00 000000000000"  // destination options, then authentication
                            "87 01 0000 00000000 00000000"  // authentication: (1 + 2) * 4 bytes
                            "8b 00 000000000000"            // mobility, then host identity
                            "8c 00 000000000000"            // host identity, then shim6
                            "06 01 000000000000 0000000000000000"  // shim6 of 16 bytes, then TCP
                            ""));
  ASSERT_TRUE(ip.has_value());
  EXPECT_EQ(ip->protocol, 6);
  EXPECT_TRUE(ip->payload.empty());
  EXPECT_EQ(ip->payload_wire_bytes, 0U);
}

TEST(Ipv6, StopsAtTheFragmentHeaderOfAPart) {
  const auto ip = read(ipv6("000c", "2c",
                            "06 00 05a9 12345678"  // next header, reserved, offset 1448 and more
                            "01020304"));
  ASSERT_TRUE(ip.has_value());
  ASSERT_TRUE(ip->fragment.has_value());
  EXPECT_EQ(ip->fragment->identification, 0x12345678U);
  EXPECT_EQ(ip->fragment->offset_bytes, 1448U);
  EXPECT_TRUE(ip->fragment->more);
  EXPECT_EQ(ip->protocol, 6);
  EXPECT_EQ(ip->payload.size(), 4U);
}

TEST(Ipv6, AFragmentThatIsFirstAndLastIsWhole) {
  const auto ip = read(ipv6("000c", "2c", "11 00 0000 12345678 01020304"));
  ASSERT_TRUE(ip.has_value());
  EXPECT_FALSE(ip->fragment.has_value());
  EXPECT_EQ(ip->protocol, 17);
}

TEST(Ipv6, AChainOfSixteenExtensionHeadersIsReadAndOneOfSeventeenIsBad) {
  std::string chain;
  for (int i = 0; i < 15; ++i) { chain += "3c00000000000000"; }
  EXPECT_TRUE(read(ipv6("0080", "3c", chain + "0600000000000000")).has_value());
  EXPECT_EQ(read(ipv6("0088", "3c", chain + "3c00000000000000 0600000000000000")).error(),
            HeaderFault::kBadHeader);
}

TEST(Ipv6, AnExtensionHeaderLongerThanThePayloadIsBad) {
  EXPECT_EQ(read(ipv6("0008", "00", "06 ff 000000000000")).error(), HeaderFault::kBadHeader);
}

TEST(Ipv6, AnExtensionHeaderCutByTheCaptureIsTruncated) {
  const auto bytes = hex(ipv6("0810", "00", "06 ff 000000000000"));
  EXPECT_EQ(read_ipv6(bytes, 2104).error(), HeaderFault::kTruncated);
}

TEST(Ipv6, AReassembledPartMayHaveExtensionHeadersButNoMoreFragments) {
  auto whole = read(ipv6("0004", "06", "01020304")).value();
  const auto options = hex("11 00 000000000000 aabb");
  whole.protocol = 60;
  whole.payload = options;
  whole.payload_wire_bytes = 10;
  const auto upper = read_ipv6_reassembled(whole);
  ASSERT_TRUE(upper.has_value());
  EXPECT_EQ(upper->protocol, 17);
  EXPECT_EQ(upper->payload.size(), 2U);

  const auto again = hex("06 00 0001 00000001 aabb");
  whole.protocol = 44;
  whole.payload = again;
  EXPECT_EQ(read_ipv6_reassembled(whole).error(), HeaderFault::kBadHeader);
}

TEST(Ipv6, SurvivesEveryTruncationAndChangedByte) {
  const auto good = hex(ipv6("0018", "00", "2c00000000000000 0600 0001 12345678 0102030405060708"));
  const auto check = [&good](const auto& bytes) {
    const auto ip = read_ipv6(bytes, static_cast<std::uint32_t>(good.size()));
    if (ip.has_value()) { EXPECT_GE(ip->payload_wire_bytes, ip->payload.size()); }
  };
  testing::for_every_truncation(good, check);
  testing::for_every_changed_byte(good, check);
}

}  // namespace
}  // namespace remora::capture
