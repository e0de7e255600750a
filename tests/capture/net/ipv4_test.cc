#include "capture/net/ipv4.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/damage.h"
#include "tests/support/hex.h"

namespace remora::capture {
namespace {

using testing::hex;

/// A header of 20 bytes with the given total length and fragment field, 4 bytes of payload.
std::string ipv4(const std::string& total_length, const std::string& fragment = "4000") {
  return "45 00" + total_length +  // version and header length, type of service
         "abcd" + fragment +       // identification, flags and offset
         "40 06 0000"              // time to live, protocol TCP, checksum
         "0a000001 0a000002"       // source, destination
         "01020304";               // payload
}

TEST(Ipv4, ReadsItsFields) {
  const auto bytes = hex(ipv4("0018"));
  const auto ip = read_ipv4(bytes, 24);
  ASSERT_TRUE(ip.has_value());
  EXPECT_EQ(ip->source.to_text(), "10.0.0.1");
  EXPECT_EQ(ip->destination.to_text(), "10.0.0.2");
  EXPECT_EQ(ip->protocol, 6);
  EXPECT_EQ(ip->ttl, 64);
  EXPECT_TRUE(std::ranges::equal(ip->payload, hex("01020304")));
  EXPECT_EQ(ip->payload_wire_bytes, 4U);
  EXPECT_FALSE(ip->fragment.has_value());
}

TEST(Ipv4, WhatFollowsTheTotalLengthIsPadding) {
  const auto bytes = hex(ipv4("0016"));
  const auto ip = read_ipv4(bytes, 24);
  ASSERT_TRUE(ip.has_value());
  EXPECT_TRUE(std::ranges::equal(ip->payload, hex("0102")));
  EXPECT_EQ(ip->payload_wire_bytes, 2U);
}

TEST(Ipv4, ATotalLengthOfZeroMeansAllThatTheLinkCarried) {
  const auto bytes = hex(ipv4("0000"));
  const auto ip = read_ipv4(bytes, 70'020);
  ASSERT_TRUE(ip.has_value());
  EXPECT_EQ(ip->payload.size(), 4U);
  EXPECT_EQ(ip->payload_wire_bytes, 70'000U);
}

TEST(Ipv4, ACutDatagramKeepsItsLengthOnTheWire) {
  const auto bytes = hex(ipv4("05dc"));
  const auto ip = read_ipv4(bytes, 1500);
  ASSERT_TRUE(ip.has_value());
  EXPECT_EQ(ip->payload.size(), 4U);
  EXPECT_EQ(ip->payload_wire_bytes, 1480U);
}

TEST(Ipv4, StepsOverOptions) {
  const auto bytes =
      hex("46 00 001a 0000 4000 40 11 0000 0a000001 0a000002"
          "94040000"  // router alert
          "0102");
  const auto ip = read_ipv4(bytes, 26);
  ASSERT_TRUE(ip.has_value());
  EXPECT_TRUE(std::ranges::equal(ip->payload, hex("0102")));
}

TEST(Ipv4, StepsOverAuthenticationHeaders) {
  const std::string start = "45 00 0028 abcd 4000 40 33 0000 0a000001 0a000002";
  const auto bytes = hex(start +
                         "06 03 0000"         // next header TCP, five words, reserved
                         "00001000 00000001"  // parameters, sequence number
                         "0102030405060708"   // check value
                         "");
  const auto ip = read_ipv4(bytes, 40);
  ASSERT_TRUE(ip.has_value());
  EXPECT_EQ(ip->protocol, 6);
  EXPECT_TRUE(ip->authenticated);
  EXPECT_TRUE(ip->payload.empty());
  EXPECT_EQ(ip->payload_wire_bytes, 0U);
  testing::for_every_truncation(bytes, [](const auto& cut) {
    const auto result = read_ipv4(cut, 40);
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error(), HeaderFault::kTruncated);
  });
  std::string chain = start;
  for (int met = 0; met <= kMaxAuthenticationHeaders; ++met) { chain += "33 00 0000 00000000"; }
  const auto deep = hex(chain + "06 00 0000 00000000");
  EXPECT_EQ(read_ipv4(deep, 0).error(), HeaderFault::kBadHeader);
}

TEST(Ipv4, TellsFragments) {
  const auto first = read_ipv4(hex(ipv4("0018", "2000")), 24)->fragment;
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->identification, 0xabcdU);
  EXPECT_EQ(first->offset_bytes, 0U);
  EXPECT_TRUE(first->more);
  const auto last = read_ipv4(hex(ipv4("0018", "00b9")), 24)->fragment;
  ASSERT_TRUE(last.has_value());
  EXPECT_EQ(last->offset_bytes, 1480U);
  EXPECT_FALSE(last->more);
}

TEST(Ipv4, AHeaderThatContradictsItselfIsBad) {
  for (const auto& bytes : {
           "55 00 0018" + ipv4("0018").substr(9),  // version 5
           "44 00 0018" + ipv4("0018").substr(9),  // header of 16 bytes
           ipv4("0013"),                           // total length below the header's
       }) {
    const auto ip = read_ipv4(hex(bytes), 24);
    ASSERT_FALSE(ip.has_value()) << bytes;
    EXPECT_EQ(ip.error(), HeaderFault::kBadHeader);
  }
}

TEST(Ipv4, AHeaderCutByTheCaptureIsTruncatedAndOneSentShortIsBad) {
  const auto header = hex(ipv4("0018"));
  testing::for_every_truncation(std::span{header}.first(20), [](const auto& cut) {
    EXPECT_EQ(read_ipv4(cut, 24).error(), HeaderFault::kTruncated);
    EXPECT_EQ(read_ipv4(cut, static_cast<std::uint32_t>(cut.size())).error(),
              HeaderFault::kBadHeader);
  });
}

TEST(Ipv4, SurvivesEveryChangedByte) {
  testing::for_every_changed_byte(hex(ipv4("0018")), [](const auto& changed) {
    const auto ip = read_ipv4(changed, 24);
    if (ip.has_value()) { EXPECT_GE(ip->payload_wire_bytes, ip->payload.size()); }
  });
}

}  // namespace
}  // namespace remora::capture
