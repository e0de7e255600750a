#include "daemon/pipeline/checksum_watch.h"

#include <vector>

#include <gtest/gtest.h>

#include "tests/daemon/pipeline/made_segments.h"
#include "tests/support/hex.h"

namespace remora::pipeline {
namespace {

/// Frames with four bytes of payload from one side, as they pass.
class Watching : public ::testing::Test {
 protected:
  /// Whether the segment is refused.
  bool pass(bool right) {
    auto frame = testing::hex(
        "001122334455 66778899aabb 0800"
        "4500002c 00004000 40060000 c0000201 c0000202"
        "c0000d3d 00000001 00000001 50180400 00000000 61626364");
    testing::put_ip_checksum(frame);
    testing::put_tcp_checksum(frame);
    if (!right) { frame.back() ^= std::byte{1}; }
    capture::Packet packet;
    const auto unwrapped =
        decapsulator_.next({.at = {},
                            .link = LinkType::kEthernet,
                            .bytes = frame,
                            .wire_bytes = static_cast<std::uint32_t>(frame.size())},
                           packet);
    EXPECT_EQ(unwrapped, capture::Unwrapped::kPacket);
    return watch_.will_be_refused(Side::kInitiator, packet);
  }

  capture::Decapsulator decapsulator_;
  ChecksumWatch watch_{Checksums::kAuto};
};

TEST_F(Watching, RefusesAWrongOneOfASideWhoseChecksumsWereRight) {
  EXPECT_FALSE(pass(true));
  EXPECT_TRUE(pass(false));
  EXPECT_FALSE(pass(true));
}

TEST_F(Watching, BelievesASideThatHasNoneRight) {
  for (int segment = 0; segment < 8; ++segment) { EXPECT_FALSE(pass(false)); }
  EXPECT_FALSE(pass(true));
  EXPECT_TRUE(pass(false));
}

/// One in 65,536 that a card fills in later looks right as it is.
TEST_F(Watching, IsNotMisledByChanceInALongSession) {
  for (int segment = 0; segment < 1000; ++segment) { ASSERT_FALSE(pass(false)); }
  EXPECT_FALSE(pass(true));
  for (int segment = 0; segment < 100; ++segment) { ASSERT_FALSE(pass(false)); }
}

TEST_F(Watching, RefusesEveryWrongOneWhereAsked) {
  watch_ = ChecksumWatch{Checksums::kVerify};
  for (int segment = 0; segment < 100; ++segment) { ASSERT_TRUE(pass(false)); }
  EXPECT_FALSE(pass(true));
}

}  // namespace
}  // namespace remora::pipeline
