#include "capture/net/tcp.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/support/damage.h"
#include "tests/support/hex.h"

namespace remora::capture {
namespace {

using testing::hex;

constexpr const char* kSegment =
    "c350 0d3d"   // ports 50000, 3389
    "01020304"    // sequence
    "05060708"    // acknowledgement
    "60 18 2000"  // header of 24 bytes, PSH and ACK, window
    "0000 0000"   // checksum, urgent pointer
    "020405b4"    // option: maximum segment size
    "aabbcc";     // payload

TEST(Tcp, ReadsItsFields) {
  const auto bytes = hex(kSegment);
  const auto tcp = read_tcp(bytes, 27);
  ASSERT_TRUE(tcp.has_value());
  EXPECT_EQ(to_number(tcp->source), 50000);
  EXPECT_EQ(to_number(tcp->destination), 3389);
  EXPECT_EQ(tcp->sequence, 0x01020304U);
  EXPECT_EQ(tcp->acknowledgement, 0x05060708U);
  EXPECT_EQ(tcp->flags, (TcpFlags{TcpFlag::kPsh, TcpFlag::kAck}));
  EXPECT_EQ(tcp->window, 0x2000);
  EXPECT_TRUE(std::ranges::equal(tcp->payload, hex("aabbcc")));
  EXPECT_EQ(tcp->payload_wire_bytes, 3U);
}

TEST(Tcp, OptionsCutByTheCaptureCostThePayloadOnly) {
  const auto bytes = hex(kSegment);
  const auto tcp = read_tcp(std::span{bytes}.first(22), 1024);
  ASSERT_TRUE(tcp.has_value());
  EXPECT_TRUE(tcp->payload.empty());
  EXPECT_EQ(tcp->payload_wire_bytes, 1000U);
}

TEST(Tcp, AHeaderLengthBelowTwentyOrBeyondTheSegmentIsBad) {
  auto bytes = hex(kSegment);
  bytes[12] = std::byte{0x40};
  EXPECT_EQ(read_tcp(bytes, 27).error(), HeaderFault::kBadHeader);
  bytes[12] = std::byte{0x70};
  EXPECT_EQ(read_tcp(bytes, 27).error(), HeaderFault::kBadHeader);
}

TEST(Tcp, AHeaderCutByTheCaptureIsTruncatedAndOneSentShortIsBad) {
  const auto segment = hex(kSegment);
  testing::for_every_truncation(std::span{segment}.first(20), [](const auto& cut) {
    EXPECT_EQ(read_tcp(cut, 27).error(), HeaderFault::kTruncated);
    EXPECT_EQ(read_tcp(cut, 19).error(), HeaderFault::kBadHeader);
  });
}

TEST(Tcp, SurvivesEveryChangedByte) {
  testing::for_every_changed_byte(hex(kSegment), [](const auto& bytes) {
    const auto tcp = read_tcp(bytes, 27);
    if (tcp.has_value()) { EXPECT_EQ(tcp->payload_wire_bytes, tcp->payload.size()); }
  });
}

}  // namespace
}  // namespace remora::capture
