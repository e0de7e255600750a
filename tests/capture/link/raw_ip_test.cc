#include "capture/link/raw_ip.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"

namespace remora::capture {
namespace {

using testing::hex;

TEST(RawIp, TheFirstHalfByteTellsTheVersion) {
  EXPECT_EQ(read_raw_ip(hex("45"))->protocol, NetworkProtocol::kIpv4);
  EXPECT_EQ(read_raw_ip(hex("6f"))->protocol, NetworkProtocol::kIpv6);
  EXPECT_EQ(read_raw_ip(hex("50"))->protocol, NetworkProtocol::kNone);
}

TEST(RawIp, TheWholeFrameIsThePayload) {
  const auto frame = hex("450000");
  EXPECT_EQ(read_raw_ip(frame)->payload.data(), frame.data());
  EXPECT_EQ(read_raw_ip(frame)->payload.size(), 3U);
}

TEST(RawIp, AnEmptyFrameIsNoResult) {
  EXPECT_FALSE(read_raw_ip({}).has_value());
}

}  // namespace
}  // namespace remora::capture
