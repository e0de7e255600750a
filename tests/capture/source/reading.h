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
