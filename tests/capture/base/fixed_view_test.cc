#include "capture/base/fixed_view.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/support/hex.h"

namespace remora {
namespace {

using testing::hex;

TEST(FixedView, IsEmptyWhenOneByteIsMissing) {
  EXPECT_FALSE(FixedView<4>::of(hex("010203")).has_value());
  EXPECT_FALSE(FixedView<1>::of({}).has_value());
}

TEST(FixedView, ReadsAtItsOffsetsInBothByteOrders) {
  const auto bytes = hex("01 0203 04050607 ff");
  const auto view = FixedView<7>::of(bytes);
  ASSERT_TRUE(view.has_value());
  EXPECT_EQ(view->u8<0>(), 0x01);
  EXPECT_EQ(view->u16be<1>(), 0x0203);
  EXPECT_EQ(view->u16le<1>(), 0x0302);
  EXPECT_EQ(view->u32be<3>(), 0x04050607U);
  EXPECT_EQ(view->u32le<3>(), 0x07060504U);
}

TEST(FixedView, LendsBytesOfKnownSize) {
  const auto bytes = hex("0102 0a000001");
  const auto view = FixedView<6>::of(bytes);
  ASSERT_TRUE(view.has_value());
  EXPECT_TRUE(std::ranges::equal(view->bytes<2, 4>(), hex("0a000001")));
}

}  // namespace
}  // namespace remora
