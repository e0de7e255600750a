#include "capture/source/byte_reader.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "tests/capture/source/reading.h"
#include "tests/support/hex.h"

namespace remora::capture {
namespace {

using testing::counting_bytes;
using testing::hex;
using testing::MemoryBytes;

TEST(ByteReader, GivesTheSameBytesHoweverTheyArrive) {
  const auto bytes = counting_bytes(5000);
  for (const std::size_t step : {1U, 7U, 4096U, 100'000U}) {
    ByteReader reader{std::make_unique<MemoryBytes>(bytes, step)};
    std::size_t size = 0;
    testing::expect_gives(reader, bytes, [&] { return size = size == 0 ? 1 : size % 97 + 13; });
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
  testing::expect_leaves_what_is_kept(reader, bytes, 9'973, 3);
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
