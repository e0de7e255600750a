#include "capture/source/byte_reader.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "tests/capture/source/reading.h"
#include "tests/support/hex.h"

namespace remora::capture {
namespace {

using testing::hex;
using testing::MemoryBytes;

std::vector<std::byte> counting_bytes(std::size_t size) {
  std::vector<std::byte> bytes(size);
  for (std::size_t i = 0; i < size; ++i) { bytes[i] = static_cast<std::byte>(i % 251); }
  return bytes;
}

TEST(ByteReader, GivesTheSameBytesHoweverTheyArrive) {
  const auto bytes = counting_bytes(5000);
  for (const std::size_t step : {1U, 7U, 4096U, 100'000U}) {
    ByteReader reader{std::make_unique<MemoryBytes>(bytes, step)};
    std::size_t position = 0;
    for (std::size_t size = 1; position < bytes.size(); size = size % 97 + 13) {
      size = std::min(size, bytes.size() - position);
      const auto window = reader.peek(size);
      ASSERT_GE(window.size(), size);
      ASSERT_TRUE(std::ranges::equal(window.first(size), std::span{bytes}.subspan(position, size)));
      reader.skip(size);
      position += size;
      ASSERT_EQ(reader.offset(), position);
    }
    EXPECT_TRUE(reader.peek(1).empty());
    EXPECT_FALSE(reader.error().has_value());
  }
}

TEST(ByteReader, SkippedBytesStayUntilTheNextPeek) {
  const auto bytes = hex("01020304");
  ByteReader reader{std::make_unique<MemoryBytes>(bytes)};
  const auto window = reader.peek(4);
  reader.skip(4);
  EXPECT_TRUE(std::ranges::equal(window, bytes));
}

TEST(ByteReader, LeavesWhatSomebodyKeepsAsItIs) {
  const auto bytes = counting_bytes(3U << 20U);
  ByteReader reader{std::make_unique<MemoryBytes>(bytes, 10'007)};
  struct Kept {
    std::shared_ptr<const void> memory;
    ByteView window;
    std::size_t position;
  };
  std::vector<Kept> kept;
  std::size_t position = 0;
  while (position < bytes.size()) {
    const auto size = std::min<std::size_t>(9'973, bytes.size() - position);
    const auto window = reader.peek(size).first(size);
    if (position % 3 == 0) { kept.push_back({reader.memory(), window, position}); }
    if (kept.size() > 20) { kept.erase(kept.begin()); }
    for (const auto& k : kept) {
      ASSERT_TRUE(
          std::ranges::equal(k.window, std::span{bytes}.subspan(k.position, k.window.size())));
    }
    reader.skip(size);
    position += size;
  }
}

TEST(ByteReader, GrowsForALargePeek) {
  const auto bytes = counting_bytes(3U << 20U);
  ByteReader reader{std::make_unique<MemoryBytes>(bytes)};
  (void)reader.peek(5);
  reader.skip(5);
  const auto window = reader.peek(bytes.size() - 5);
  EXPECT_TRUE(std::ranges::equal(window, std::span{bytes}.subspan(5)));
}

TEST(ByteReader, GivesWhatThereIsWhenThereIsLess) {
  ByteReader reader{std::make_unique<MemoryBytes>(hex("010203"))};
  EXPECT_EQ(reader.peek(0xffff'ffffU).size(), 3U);
}

TEST(ByteReader, SkipsFarOverMoreThanItHolds) {
  const auto bytes = counting_bytes(2U << 20U);
  ByteReader reader{std::make_unique<MemoryBytes>(bytes)};
  EXPECT_TRUE(reader.skip_far(bytes.size() - 2));
  EXPECT_EQ(reader.offset(), bytes.size() - 2);
  EXPECT_TRUE(std::ranges::equal(reader.peek(2), std::span{bytes}.last(2)));
  EXPECT_FALSE(reader.skip_far(3));
}

}  // namespace
}  // namespace remora::capture
