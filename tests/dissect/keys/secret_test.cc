#include "dissect/keys/secret.h"

#include <array>
#include <type_traits>
#include <utility>

#include <gtest/gtest.h>

namespace remora::keys {
namespace {

static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);

TEST(Secret, IsEmptyOnceItWasMovedAway) {
  Secret first{as_bytes("K7P3ZQ2M9XTB")};
  Secret second{std::move(first)};
  EXPECT_EQ(second.text(), "K7P3ZQ2M9XTB");
  EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move,clang-analyzer-cplusplus.Move)
  Secret third;
  third = std::move(second);
  EXPECT_EQ(third.text(), "K7P3ZQ2M9XTB");
  EXPECT_TRUE(second.empty());  // NOLINT(bugprone-use-after-move,clang-analyzer-cplusplus.Move)
}

TEST(Secret, IsOverwrittenByWiping) {
  std::array bytes{std::byte{1}, std::byte{2}, std::byte{3}};
  wipe(bytes);
  EXPECT_EQ(bytes, (std::array<std::byte, 3>{}));
}

}  // namespace
}  // namespace remora::keys
