#include "capture/net/tcp_options.h"

#include <gtest/gtest.h>

#include "tests/support/damage.h"
#include "tests/support/hex.h"

namespace remora::capture {
namespace {

using testing::hex;

constexpr auto kOfASyn =
    "020405b4"                // maximum segment size 1460
    "0402"                    // selective acknowledgements
    "080a 00000007 00000009"  // timestamps
    "01 030308";              // no operation, window scale

TEST(TcpOptions, OfASyn) {
  const auto options = read_tcp_options(hex(kOfASyn));
  EXPECT_EQ(options.maximum_segment_bytes, 1460);
  EXPECT_EQ(options.window_shift, 8);
  EXPECT_EQ(options.timestamps, (TcpTimestamps{.value = 7, .echo = 9}));
}

TEST(TcpOptions, AreEmptyWhereThereAreNone) {
  const auto options = read_tcp_options({});
  EXPECT_FALSE(options.maximum_segment_bytes.has_value());
  EXPECT_FALSE(options.window_shift.has_value());
  EXPECT_FALSE(options.timestamps.has_value());
}

TEST(TcpOptions, WhatCameBeforeDamageStays) {
  EXPECT_EQ(read_tcp_options(hex("020405b4 0800")).maximum_segment_bytes, 1460);
  EXPECT_FALSE(read_tcp_options(hex("020405b4 080a 00000007")).timestamps.has_value());
  EXPECT_FALSE(read_tcp_options(hex("00 030308")).window_shift.has_value()) << "behind the end";
  EXPECT_FALSE(read_tcp_options(hex("0305 080000")).window_shift.has_value()) << "of wrong length";
  EXPECT_EQ(read_tcp_options(hex("0305 080000 030309")).window_shift, 9);
}

TEST(TcpOptions, StandEveryTruncationAndChange) {
  testing::for_every_truncation(hex(kOfASyn), [](const auto& cut) {
    const auto options = read_tcp_options(cut);
    EXPECT_EQ(options.maximum_segment_bytes.has_value(), cut.size() >= 4);
    EXPECT_EQ(options.timestamps.has_value(), cut.size() >= 16);
    EXPECT_FALSE(options.window_shift.has_value());
  });
  testing::for_every_changed_byte(hex(kOfASyn),
                                  [](const auto& changed) { (void)read_tcp_options(changed); });
}

}  // namespace
}  // namespace remora::capture
