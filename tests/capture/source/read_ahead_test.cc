// A source that others read ahead gives the bytes that it gives alone.

#include "capture/source/read_ahead.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "capture/source/bpf_filter.h"
#include "capture/source/byte_reader.h"
#include "capture/source/open_capture.h"
#include "tests/capture/source/layout.h"
#include "tests/capture/source/packing.h"
#include "tests/capture/source/reading.h"
#include "tests/support/hex.h"

namespace remora::capture {
namespace {

using testing::counting_bytes;
using testing::MemoryBytes;

/// So many frames of 1400 bytes.
std::vector<std::byte> counting_capture(std::uint32_t frames) {
  testing::Layout file;
  file.pcap_header();
  for (std::uint32_t at = 0; at < frames; ++at) {
    file.pcap_record(at, at, std::string(1396, static_cast<char>(at)) + "last");
  }
  return {file.bytes().begin(), file.bytes().end()};
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
  return reader.share_reading();
}

TEST(ReadAhead, GivesTheSameBytesWhoeverReads) {
  const auto bytes = counting_bytes(5U << 20U);
  // Of a record, of what no longer fits in front of a block, of more than a block.
  constexpr std::size_t kSizes[]{1500, 9'973, 70'000, 300'000, 1'200'000, 3};
  for (const std::size_t helpers : {0U, 1U, 3U}) {
    for (const std::size_t step : {113U, 10'007U, 1U << 20U}) {
      ByteReader reader{std::make_unique<MemoryBytes>(bytes, step)};
      const Helpers helping{begin(reader), helpers};
      std::size_t turn = 0;
      testing::expect_gives(reader, bytes, [&] { return kSizes[turn++ % std::size(kSizes)]; });
    }
  }
}

TEST(ReadAhead, LeavesWhatSomebodyKeepsAsItIs) {
  const auto bytes = counting_bytes(8U << 20U);
  ByteReader reader{std::make_unique<MemoryBytes>(bytes)};
  const Helpers helping{begin(reader), 1};
  testing::expect_leaves_what_is_kept(reader, bytes, 99'991, 1);
}

/// Records that are larger than the room in front of a block, and one that is much larger.
TEST(ReadAhead, UsesItsBuffersAgain) {
  const auto bytes = counting_bytes(std::size_t{40} << 20U);
  ByteReader reader{std::make_unique<MemoryBytes>(bytes)};
  const auto read_next = begin(reader);
  std::size_t most = 0;
  std::size_t position = 0;
  std::shared_ptr<const void> kept;
  for (std::size_t turn = 0; position < bytes.size(); ++turn) {
    const auto size =
        std::min<std::size_t>(turn == 20 ? 4'000'000 : 200'000, bytes.size() - position);
    const auto window = reader.peek(size).first(size);
    ASSERT_TRUE(std::ranges::equal(window, std::span{bytes}.subspan(position, size)));
    kept = reader.memory();
    reader.skip(size);
    position += size;
    (void)read_next();
    most = std::max(most, reader.memory_bytes());
  }
  EXPECT_LT(most, std::size_t{24} << 20U);
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
  const auto read_next = reader.share_reading();
  ASSERT_TRUE(read_next);
  EXPECT_EQ(reader.peek(ReadAhead::kBlockBytes + 1).size(), ReadAhead::kBlockBytes);
  ASSERT_TRUE(reader.error().has_value());
  EXPECT_EQ(reader.error()->reason, "broken");
  EXPECT_FALSE(read_next());
}

/// Whole, cut off and damaged files, packed or not.
TEST(ReadAhead, EndsAsTheFileDoes) {
  const testing::TemporaryDirectory folder;
  const auto whole = counting_capture(900);
  const auto read = [](const std::string& path, bool shared) {
    const auto source = open_capture(path);
    if (!source.has_value()) { return testing::Reading{}; }
    const Helpers helping{shared ? (*source)->share_reading() : [] { return false; }, 1};
    return testing::read_all(**source);
  };
  std::size_t files = 0;
  for (const auto& packed : {whole, testing::gzip(whole), testing::zstd(whole)}) {
    for (const auto kept :
         {packed.size(), packed.size() - 1, packed.size() - 700, packed.size() / 2}) {
      auto bytes = packed;
      bytes.resize(kept);
      for (const bool damaged : {false, true}) {
        if (damaged) { bytes[kept - kept / 3] ^= std::byte{0xff}; }
        const auto path = folder.write(std::to_string(++files), bytes);
        const auto alone = read(path, false);
        const auto shared = read(path, true);
        EXPECT_EQ(shared.frames, alone.frames);
        EXPECT_EQ(shared.end, alone.end);
        EXPECT_EQ(shared.error.to_text(), alone.error.to_text());
        EXPECT_EQ(shared.odd_records, alone.odd_records);
      }
    }
  }
}

TEST(ReadAhead, IsPassedOnByAFilter) {
  const testing::TemporaryDirectory folder;
  const auto path = folder.write("x.pcap", counting_capture(900));
  auto source = open_capture(path);
  ASSERT_TRUE(source.has_value());
  const auto filtered = BpfFilter::wrap(std::move(*source), "len > 100");
  ASSERT_TRUE(filtered.has_value());
  const auto read_next = (*filtered)->share_reading();
  ASSERT_TRUE(read_next);
  const Helpers helping{read_next, 1};
  EXPECT_EQ(testing::read_all(**filtered).frames.size(), 900U);
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
  EXPECT_FALSE(pipe.share_reading());
  ByteReader reader{std::make_unique<MemoryBytes>(testing::hex("010203"))};
  EXPECT_TRUE(reader.share_reading());
  EXPECT_FALSE(reader.share_reading()) << "one is enough";
}

}  // namespace
}  // namespace remora::capture
