#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace remora::testing {

/// A file without a folder: it has a path, which others open, but its bytes stay in memory.
class MemoryFile {
 public:
  /// Fails the test that calls it when the system has no memory for it.
  explicit MemoryFile(std::span<const std::byte> bytes);
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  MemoryFile(MemoryFile&&) = delete;
  MemoryFile& operator=(MemoryFile&&) = delete;
  ~MemoryFile();

  [[nodiscard]] const std::string& path() const { return path_; }

  /// Leaves the first `size` bytes.
  void cut(std::size_t size);

 private:
  int descriptor_;
  std::string path_;
};

}  // namespace remora::testing
