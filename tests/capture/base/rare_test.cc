#include "capture/base/rare.h"

#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace remora {
namespace {

TEST(Rare, IsEmptyAndSmallUntilItIsThere) {
  Rare<std::string> rare;
  EXPECT_FALSE(rare.has_value());
  EXPECT_EQ(sizeof rare, sizeof(void*));
  rare = std::string{"there"};
  ASSERT_TRUE(rare.has_value());
  EXPECT_EQ(*rare, "there");
  rare.reset();
  EXPECT_FALSE(rare);
}

TEST(Rare, IsCopiedWithWhatItHolds) {
  Rare<std::string> first{"one"};
  auto second = first;
  second->append(" and more");
  EXPECT_EQ(*first, "one");
  EXPECT_EQ(*second, "one and more");
  first = second;
  EXPECT_EQ(first, second);
  const auto& itself = first;
  first = itself;
  EXPECT_EQ(*first, "one and more");
}

TEST(Rare, MovesLeaveNothingBehind) {
  Rare<std::string> first{"one"};
  const auto second = std::move(first);
  EXPECT_FALSE(first.has_value());  // NOLINT(bugprone-use-after-move): that is the promise
  EXPECT_EQ(*second, "one");
}

TEST(Rare, EqualsWhatHoldsTheSame) {
  EXPECT_EQ(Rare<int>{}, Rare<int>{});
  EXPECT_EQ(Rare<int>{1}, Rare<int>{1});
  EXPECT_FALSE(Rare<int>{1} == Rare<int>{2});
  EXPECT_FALSE(Rare<int>{1} == Rare<int>{});
  Rare<int> made;
  made.emplace(3);
  EXPECT_EQ(made, Rare<int>{3});
}

}  // namespace
}  // namespace remora
