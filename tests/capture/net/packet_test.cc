#include "capture/net/packet.h"

#include <gtest/gtest.h>

namespace remora::capture {
namespace {

TEST(TcpFlags, HasWhatItWasGivenAndKeepsTheRawBits) {
  constexpr TcpFlags kSynAck{TcpFlag::kSyn, TcpFlag::kAck};
  EXPECT_TRUE(kSynAck.has(TcpFlag::kSyn));
  EXPECT_TRUE(kSynAck.has(TcpFlag::kAck));
  EXPECT_FALSE(kSynAck.has(TcpFlag::kFin));
  EXPECT_EQ(kSynAck.raw(), 0x12);
  EXPECT_EQ(kSynAck, TcpFlags{0x12});
}

TEST(TcpFlags, NumbersItsBitsAsTheHeaderDoes) {
  EXPECT_TRUE(TcpFlags{0x01}.has(TcpFlag::kFin));
  EXPECT_TRUE(TcpFlags{0x04}.has(TcpFlag::kRst));
  EXPECT_TRUE(TcpFlags{0x08}.has(TcpFlag::kPsh));
  EXPECT_TRUE(TcpFlags{0x20}.has(TcpFlag::kUrg));
  EXPECT_TRUE(TcpFlags{0x40}.has(TcpFlag::kEce));
  EXPECT_TRUE(TcpFlags{0x80}.has(TcpFlag::kCwr));
}

}  // namespace
}  // namespace remora::capture
