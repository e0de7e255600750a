#include "capture/source/compressed.h"

#include <algorithm>
#include <array>
#include <functional>

#include <gtest/gtest.h>

#include "tests/capture/source/packing.h"
#include "tests/capture/source/reading.h"
#include "tests/support/damage.h"
#include "tests/support/hex.h"

namespace remora::capture {
namespace {

using testing::gzip;
using testing::hex;
using testing::joined;
using testing::MemoryBytes;
using testing::zstd;

struct Unpacked {
  std::vector<std::byte> bytes;
  std::optional<ByteError> error;
};

Unpacked unpack(std::span<const std::byte> packed, std::size_t step = 1U << 20U,
                std::size_t room = 1000) {
  const auto source = make_decompressor(detect_compression(packed),
                                        ByteReader{std::make_unique<MemoryBytes>(packed, step)});
  Unpacked result;
  std::vector<std::byte> into(room);
  for (;;) {
    const auto count = source->read(into);
    if (!count.has_value()) {
      result.error = count.error();
      return result;
    }
    if (*count == 0) { return result; }
    result.bytes.insert(result.bytes.end(), into.begin(),
                        into.begin() + static_cast<std::ptrdiff_t>(*count));
  }
}

/// Neither constant nor random: packs into several blocks.
std::vector<std::byte> sample(std::size_t size) {
  std::vector<std::byte> bytes(size);
  std::uint32_t state = 1;
  for (auto& byte : bytes) {
    state = state * 1'664'525U + 1'013'904'223U;
    byte = static_cast<std::byte>((state >> 24U) & 0x1fU);
  }
  return bytes;
}

const std::array<std::function<std::vector<std::byte>(std::span<const std::byte>)>, 2> kPackers{
    gzip, zstd};

TEST(Compressed, IsKnownByItsFirstBytes) {
  EXPECT_EQ(detect_compression(hex("1f8b08")), Compression::kGzip);
  EXPECT_EQ(detect_compression(hex("28b52ffd")), Compression::kZstd);
  EXPECT_EQ(detect_compression(hex("5f2a4d18")), Compression::kZstd);  // skippable frame
  EXPECT_EQ(detect_compression(hex("d4c3b2a1")), Compression::kNone);
  EXPECT_EQ(detect_compression(hex("1f")), Compression::kNone);
  EXPECT_EQ(detect_compression({}), Compression::kNone);
}

TEST(Compressed, UnpacksHoweverItArrivesAndWhateverRoomThereIs) {
  const auto bytes = sample(300'000);
  for (const auto& pack : kPackers) {
    const auto packed = pack(bytes);
    for (const auto& [step, room] : {std::pair{1U, 65536U}, std::pair{100'000U, 1U},
                                     std::pair{4096U, 4096U}, std::pair{1U << 20U, 1U << 20U}}) {
      const auto result = unpack(packed, step, room);
      EXPECT_EQ(result.bytes, bytes);
      EXPECT_FALSE(result.error.has_value());
    }
  }
}

TEST(Compressed, UnpacksOneMemberAfterTheOther) {
  const auto first = sample(1000);
  const auto second = sample(70'000);
  for (const auto& pack : kPackers) {
    const auto result = unpack(joined(joined(pack(first), pack({})), pack(second)));
    EXPECT_EQ(result.bytes, joined(first, second));
    EXPECT_FALSE(result.error.has_value());
  }
}

TEST(Compressed, StepsOverSkippableFramesOfZstd) {
  const auto bytes = sample(1000);
  const auto skippable = hex("502a4d18 03000000 aabbcc");
  const auto result = unpack(joined(skippable, zstd(bytes)));
  EXPECT_EQ(result.bytes, bytes);
  EXPECT_FALSE(result.error.has_value());
}

TEST(Compressed, ZerosBehindAGzipMemberArePadding) {
  const auto bytes = sample(1000);
  const auto result = unpack(joined(gzip(bytes), std::vector<std::byte>(1000)));
  EXPECT_EQ(result.bytes, bytes);
  EXPECT_FALSE(result.error.has_value());
}

TEST(Compressed, SomethingElseBehindTheEndIsDamage) {
  const auto bytes = sample(1000);
  for (const auto& pack : kPackers) {
    const auto result = unpack(joined(pack(bytes), hex("6a756e6b")));
    EXPECT_EQ(result.bytes, bytes);
    ASSERT_TRUE(result.error.has_value());
    EXPECT_FALSE(result.error->ended_early);
  }
}

TEST(Compressed, EveryTruncationGivesWhatCameBeforeAndSaysSo) {
  const auto bytes = sample(3000);
  for (const auto& pack : kPackers) {
    testing::for_every_truncation(pack(bytes), [&](const auto& cut) {
      if (detect_compression(cut) == Compression::kNone) { return; }
      const auto result = unpack(cut);
      ASSERT_TRUE(result.error.has_value()) << cut.size();
      EXPECT_TRUE(result.error->ended_early) << cut.size();
      EXPECT_LE(result.bytes.size(), bytes.size());
      EXPECT_TRUE(std::ranges::equal(result.bytes, std::span{bytes}.first(result.bytes.size())));
    });
  }
}

TEST(Compressed, SurvivesEveryChangedByte) {
  const auto bytes = sample(500);
  for (const auto& pack : kPackers) {
    testing::for_every_changed_byte(pack(bytes), [](const auto& changed) {
      if (detect_compression(changed) != Compression::kNone) { (void)unpack(changed); }
    });
  }
}

TEST(Compressed, DamageFarInsideKeepsTheBlocksBeforeIt) {
  const auto bytes = sample(2'000'000);
  for (const auto& pack : kPackers) {
    auto packed = pack(bytes);
    for (std::size_t i = packed.size() / 2; i < packed.size() / 2 + 64; ++i) {
      packed[i] ^= std::byte{0xff};
    }
    const auto result = unpack(packed, 1U << 20U, 1U << 20U);
    ASSERT_TRUE(result.error.has_value());
    EXPECT_FALSE(result.error->ended_early);
    EXPECT_GT(result.bytes.size(), 500'000U);
  }
}

TEST(Compressed, AWindowBeyondTheLimitIsAnErrorAndNoMemory) {
  // A frame header that asks for a window of 2 GiB: descriptor 00, window descriptor a8.
  const auto result = unpack(hex("28b52ffd 00 a8 010000"));
  ASSERT_TRUE(result.error.has_value());
  EXPECT_NE(result.error->reason.find("too much memory"), std::string::npos)
      << result.error->reason;
}

}  // namespace
}  // namespace remora::capture
