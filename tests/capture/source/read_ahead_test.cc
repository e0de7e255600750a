// A source that others read ahead gives the bytes that it gives alone.

#include "capture/source/read_ahead.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "capture/source/byte_reader.h"
#include "tests/capture/source/reading.h"
#include "tests/support/hex.h"

namespace remora::capture {
namespace {

using testing::MemoryBytes;

std::vector<std::byte> counting_bytes(std::size_t size) {
  std::vector<std::byte> bytes(size);
  for (std::size_t i = 0; i < size; ++i) { bytes[i] = static_cast<std::byte>(i % 251); }
  return bytes;
}

/// Threads that do nothing else.
class Helpers {
 public:
  Helpers(const std::function<bool()>& read_next, std::size_t count) {
    for (std::size_t at = 0; at < count; ++at) {
      threads_.emplace_back([this, read_next] {
        while (!stop_) {
          if (!read_next()) { std::this_thread::yield(); }
        }
      });
    }
  }
  Helpers(const Helpers&) = delete;
  Helpers& operator=(const Helpers&) = delete;
  Helpers(Helpers&&) = delete;
  Helpers& operator=(Helpers&&) = delete;
  ~Helpers() {
    stop_ = true;
    for (auto& thread : threads_) { thread.join(); }
  }

 private:
  std::atomic<bool> stop_{false};
  std::vector<std::thread> threads_;
};

/// A few bytes before, so that what was read before is not lost.
std::function<bool()> begin(ByteReader& reader) {
  (void)reader.peek(5);
  return reader.read_ahead();
}

TEST(ReadAhead, GivesTheSameBytesWhoeverReads) {
  const auto bytes = counting_bytes(5U << 20U);
  // Of a record, of what no longer fits in front of a block, of more than a block.
  constexpr std::size_t kSizes[]{1500, 9'973, 70'000, 300'000, 1'200'000, 3};
  for (const std::size_t helpers : {0U, 1U, 3U}) {
    for (const std::size_t step : {10'007U, 1U << 20U}) {
      ByteReader reader{std::make_unique<MemoryBytes>(bytes, step)};
      const Helpers helping{begin(reader), helpers};
      std::size_t position = 0;
      for (std::size_t turn = 0; position < bytes.size(); ++turn) {
        const auto size = std::min(kSizes[turn % std::size(kSizes)], bytes.size() - position);
        const auto window = reader.peek(size);
        ASSERT_GE(window.size(), size);
        ASSERT_TRUE(
            std::ranges::equal(window.first(size), std::span{bytes}.subspan(position, size)));
        reader.skip(size);
        position += size;
        ASSERT_EQ(reader.offset(), position);
      }
      EXPECT_TRUE(reader.peek(1).empty());
      EXPECT_FALSE(reader.error().has_value());
    }
  }
}

TEST(ReadAhead, LeavesWhatSomebodyKeepsAsItIs) {
  const auto bytes = counting_bytes(8U << 20U);
  ByteReader reader{std::make_unique<MemoryBytes>(bytes)};
  const Helpers helping{begin(reader), 1};
  struct Kept {
    std::shared_ptr<const void> memory;
    ByteView window;
    std::size_t position;
  };
  std::vector<Kept> kept;
  std::size_t position = 0;
  while (position < bytes.size()) {
    const auto size = std::min<std::size_t>(99'991, bytes.size() - position);
    const auto window = reader.peek(size).first(size);
    kept.push_back({reader.memory(), window, position});
    if (kept.size() > 20) { kept.erase(kept.begin()); }
    for (const auto& k : kept) {
      ASSERT_TRUE(
          std::ranges::equal(k.window, std::span{bytes}.subspan(k.position, k.window.size())));
    }
    reader.skip(size);
    position += size;
  }
}

TEST(ReadAhead, SkipsFarOverMoreThanItHolds) {
  const auto bytes = counting_bytes(2U << 20U);
  ByteReader reader{std::make_unique<MemoryBytes>(bytes)};
  const Helpers helping{begin(reader), 1};
  EXPECT_TRUE(reader.skip_far(bytes.size() - 2));
  EXPECT_TRUE(std::ranges::equal(reader.peek(2), std::span{bytes}.last(2)));
  EXPECT_FALSE(reader.skip_far(3));
}

TEST(ReadAhead, ReadsNoFurtherThanItsLimit) {
  ByteReader reader{std::make_unique<MemoryBytes>(counting_bytes(5U << 20U))};
  const auto read_next = begin(reader);
  EXPECT_FALSE(read_next()) << "nobody gave it a buffer yet";
  (void)reader.skip_far(300'000);
  std::size_t blocks = 0;
  while (read_next()) { ++blocks; }
  EXPECT_EQ(blocks, ReadAhead::kBlocks - 1);
}

/// Bytes, and then an error.
class BrokenBytes final : public ByteSource {
 public:
  [[nodiscard]] tl::expected<std::size_t, ByteError> read(std::span<std::byte> into) override {
    if (given_) { return tl::unexpected{ByteError{.reason = "broken"}}; }
    given_ = true;
    std::ranges::fill(into, std::byte{1});
    return into.size();
  }

 private:
  bool given_{false};
};

TEST(ReadAhead, GivesWhatCameBeforeAnError) {
  ByteReader reader{std::make_unique<BrokenBytes>()};
  const auto read_next = reader.read_ahead();
  ASSERT_TRUE(read_next);
  EXPECT_EQ(reader.peek(ReadAhead::kBlockBytes + 1).size(), ReadAhead::kBlockBytes);
  ASSERT_TRUE(reader.error().has_value());
  EXPECT_EQ(reader.error()->reason, "broken");
  EXPECT_FALSE(read_next());
}

/// As a pipe.
class WaitingBytes final : public ByteSource {
 public:
  [[nodiscard]] tl::expected<std::size_t, ByteError> read(std::span<std::byte>) override {
    return std::size_t{0};
  }
  [[nodiscard]] bool may_wait() const override { return true; }
};

TEST(ReadAhead, IsForNothingThatWaits) {
  ByteReader pipe{std::make_unique<WaitingBytes>()};
  EXPECT_FALSE(pipe.read_ahead());
  ByteReader reader{std::make_unique<MemoryBytes>(testing::hex("010203"))};
  EXPECT_TRUE(reader.read_ahead());
  EXPECT_FALSE(reader.read_ahead()) << "one is enough";
}

}  // namespace
}  // namespace remora::capture
