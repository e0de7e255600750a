#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "capture/source/byte_reader.h"
#include "capture/source/byte_source.h"
#include "capture/source/open_capture.h"

namespace remora::testing {

/// A directory that goes with the test that made it.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    auto name = (std::filesystem::temp_directory_path() / "remora_test_XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  TemporaryDirectory(TemporaryDirectory&&) = delete;
  TemporaryDirectory& operator=(TemporaryDirectory&&) = delete;
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] std::string path(const std::string& name) const { return (path_ / name).string(); }

  /// Writes a file and gives its path.
  [[nodiscard]] std::string write(const std::string& name, std::span<const std::byte> bytes) const {
    std::ofstream file{path(name), std::ios::binary};
    const auto text = as_text(bytes);
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    return path(name);
  }

 private:
  std::filesystem::path path_;
};

/// Gives bytes in portions of at most `step`, as a pipe would.
class MemoryBytes final : public capture::ByteSource {
 public:
  explicit MemoryBytes(std::span<const std::byte> bytes, std::size_t step = 1U << 20U)
      : bytes_(bytes.begin(), bytes.end()), step_{step} {}

  [[nodiscard]] tl::expected<std::size_t, capture::ByteError> read(
      std::span<std::byte> into) override {
    const auto count = std::min({into.size(), step_, bytes_.size() - position_});
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(position_), count, into.begin());
    position_ += count;
    return count;
  }

 private:
  std::vector<std::byte> bytes_;
  std::size_t step_;
  std::size_t position_{0};
};

inline std::vector<std::byte> counting_bytes(std::size_t size) {
  std::vector<std::byte> bytes(size);
  for (std::size_t i = 0; i < size; ++i) { bytes[i] = static_cast<std::byte>(i % 251); }
  return bytes;
}

/// The reader gives `bytes`, asked for in windows of what `next_size` says.
template <typename NextSize>
void expect_gives(capture::ByteReader& reader, std::span<const std::byte> bytes,
                  NextSize next_size) {
  std::size_t position = 0;
  while (position < bytes.size()) {
    const auto size = std::min<std::size_t>(next_size(), bytes.size() - position);
    const auto window = reader.peek(size);
    ASSERT_GE(window.size(), size);
    ASSERT_TRUE(std::ranges::equal(window.first(size), bytes.subspan(position, size)));
    reader.skip(size);
    position += size;
    ASSERT_EQ(reader.offset(), position);
  }
  EXPECT_TRUE(reader.peek(1).empty());
  EXPECT_FALSE(reader.error().has_value());
}

/// Windows of `size` stay as they are while somebody keeps their memory; each is kept whose place
/// is a multiple of `every`, the last twenty of them.
inline void expect_leaves_what_is_kept(capture::ByteReader& reader,
                                       std::span<const std::byte> bytes, std::size_t size,
                                       std::size_t every) {
  struct Kept {
    std::shared_ptr<const void> memory;
    ByteView window;
    std::size_t position;
  };
  std::vector<Kept> kept;
  std::size_t position = 0;
  while (position < bytes.size()) {
    const auto here = std::min(size, bytes.size() - position);
    const auto window = reader.peek(here).first(here);
    if (position % every == 0) { kept.push_back({reader.memory(), window, position}); }
    if (kept.size() > 20) { kept.erase(kept.begin()); }
    for (const auto& k : kept) {
      ASSERT_TRUE(std::ranges::equal(k.window, bytes.subspan(k.position, k.window.size())));
    }
    reader.skip(here);
    position += here;
  }
}

struct KeptFrame {
  Instant at;
  LinkType link{};
  std::string bytes;
  std::uint32_t wire_bytes{0};
  bool operator==(const KeptFrame&) const = default;
};

/// All that a source gives, and how it ended.
struct Reading {
  std::vector<KeptFrame> frames;
  capture::ReadStatus end{};
  capture::SourceError error;
  std::uint64_t odd_records{0};
};

inline Reading read_all(capture::FrameSource& source) {
  Reading reading;
  Frame frame;
  while ((reading.end = source.next(frame)) == capture::ReadStatus::kFrame) {
    reading.frames.push_back(
        {frame.at, frame.link, std::string{as_text(frame.bytes)}, frame.wire_bytes});
  }
  reading.error = source.error();
  reading.odd_records = source.odd_records();
  EXPECT_EQ(source.next(frame), reading.end) << "the end is not told again";
  return reading;
}

}  // namespace remora::testing
