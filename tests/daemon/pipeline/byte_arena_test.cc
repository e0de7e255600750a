#include "daemon/pipeline/byte_arena.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

namespace remora::pipeline {
namespace {

TEST(ByteArena, KeepsEveryCopyWhereItIsUntilCleared) {
  ByteArena arena;
  std::vector<std::vector<std::byte>> originals;
  std::vector<ByteView> copies;
  for (std::size_t i = 0; i < 2000; ++i) {
    originals.emplace_back(i, static_cast<std::byte>(i));
    copies.push_back(arena.copy(originals.back()));
  }
  for (std::size_t i = 0; i < copies.size(); ++i) {
    EXPECT_TRUE(std::ranges::equal(copies[i], originals[i])) << i;
  }
}

TEST(ByteArena, TakesMoreThanABlock) {
  ByteArena arena;
  const std::vector<std::byte> large(1U << 20U, std::byte{7});
  EXPECT_TRUE(std::ranges::equal(arena.copy(large), large));
}

TEST(ByteArena, UsesItsMemoryAgain) {
  ByteArena arena;
  const std::vector<std::byte> bytes(100, std::byte{1});
  const auto* const first = arena.copy(bytes).data();
  arena.clear();
  EXPECT_EQ(arena.copy(bytes).data(), first);
}

}  // namespace
}  // namespace remora::pipeline
