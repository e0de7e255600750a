#include "capture/link/loopback.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/support/damage.h"
#include "tests/support/hex.h"

namespace remora::capture {
namespace {

using testing::hex;

TEST(Loopback, KnowsTheAddressFamilyInBothByteOrders) {
  for (const auto* family : {"02000000", "00000002"}) {
    const auto frame = hex(family + std::string{"4500"});
    const auto link = read_loopback(frame);
    ASSERT_TRUE(link.has_value());
    EXPECT_EQ(link->protocol, NetworkProtocol::kIpv4);
    EXPECT_TRUE(std::ranges::equal(link->payload, hex("4500")));
  }
}

TEST(Loopback, KnowsIpv6AsEverySystemNumbersIt) {
  for (const auto* family : {"0a000000", "17000000", "18000000", "1c000000", "1e000000", "0000000a",
                             "00000017", "00000018", "0000001c", "0000001e"}) {
    EXPECT_EQ(read_loopback(hex(family))->protocol, NetworkProtocol::kIpv6) << family;
  }
}

TEST(Loopback, OtherFamiliesCarryNothing) {
  EXPECT_EQ(read_loopback(hex("07000000 4500"))->protocol, NetworkProtocol::kNone);
  EXPECT_EQ(read_loopback(hex("02000002 4500"))->protocol, NetworkProtocol::kNone);
}

TEST(Loopback, AHeaderCutShortIsNoResult) {
  testing::for_every_truncation(hex("02000000"), [](const auto& cut) {
    EXPECT_FALSE(read_loopback(cut).has_value()) << cut.size();
  });
}

}  // namespace
}  // namespace remora::capture
