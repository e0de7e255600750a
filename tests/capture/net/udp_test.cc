#include "capture/net/udp.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/damage.h"
#include "tests/support/hex.h"

namespace remora::capture {
namespace {

using testing::hex;

std::string udp(const std::string& length) {
  return "c350 0d3d" + length + "0000 aabbccdd";  // ports 50000, 3389; length; checksum; payload
}

TEST(Udp, ReadsItsFields) {
  const auto bytes = hex(udp("000c"));
  const auto datagram = read_udp(bytes, 12);
  ASSERT_TRUE(datagram.has_value());
  EXPECT_EQ(to_number(datagram->source), 50000);
  EXPECT_EQ(to_number(datagram->destination), 3389);
  EXPECT_TRUE(std::ranges::equal(datagram->payload, hex("aabbccdd")));
  EXPECT_EQ(datagram->payload_wire_bytes, 4U);
}

TEST(Udp, ItsOwnLengthBoundsThePayload) {
  const auto bytes = hex(udp("000a"));
  EXPECT_TRUE(std::ranges::equal(read_udp(bytes, 12)->payload, hex("aabb")));
}

TEST(Udp, ALengthOfZeroOrBeyondTheDatagramMeansAll) {
  for (const auto* length : {"0000", "ffff"}) {
    const auto bytes = hex(udp(length));
    EXPECT_EQ(read_udp(bytes, 12)->payload_wire_bytes, 4U) << length;
  }
}

TEST(Udp, ALengthBelowItsHeaderIsBad) {
  EXPECT_EQ(read_udp(hex(udp("0007")), 12).error(), HeaderFault::kBadHeader);
}

TEST(Udp, ACutDatagramKeepsItsLengthOnTheWire) {
  const auto bytes = hex(udp("0408"));
  const auto datagram = read_udp(bytes, 1032);
  ASSERT_TRUE(datagram.has_value());
  EXPECT_EQ(datagram->payload.size(), 4U);
  EXPECT_EQ(datagram->payload_wire_bytes, 1024U);
}

TEST(Udp, AHeaderCutByTheCaptureIsTruncatedAndOneSentShortIsBad) {
  const auto datagram = hex(udp("000c"));
  testing::for_every_truncation(std::span{datagram}.first(8), [](const auto& cut) {
    EXPECT_EQ(read_udp(cut, 12).error(), HeaderFault::kTruncated);
    EXPECT_EQ(read_udp(cut, 7).error(), HeaderFault::kBadHeader);
  });
}

}  // namespace
}  // namespace remora::capture
