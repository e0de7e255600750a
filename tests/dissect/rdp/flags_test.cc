#include "dissect/rdp/flags.h"

#include <cstdint>

#include <gtest/gtest.h>

namespace remora::rdp {
namespace {

enum class Bit : std::uint8_t { kLow = 0x01, kHigh = 0x80 };

TEST(Flags, KeepsBitsThatHaveNoName) {
  const Flags<Bit> flags{0x82};
  EXPECT_TRUE(flags.has(Bit::kHigh));
  EXPECT_FALSE(flags.has(Bit::kLow));
  EXPECT_EQ(flags.raw(), 0x82);
}

TEST(Flags, HasNoneByDefault) {
  EXPECT_EQ(Flags<Bit>{}, Flags<Bit>{0});
}

}  // namespace
}  // namespace remora::rdp
