#pragma once

#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace remora::spool {

/// Keeps other processes away from what `path` stands for while it lives; the kernel lets go of it
/// however the process ends.
class FileLock {
 public:
  /// Locks the file `path`, which is made if need be and stays. Fails at once when another process
  /// has it.
  [[nodiscard]] static tl::expected<FileLock, std::string> take(const std::string& path);

  /// Whether another process has it.
  [[nodiscard]] static bool is_held(const std::string& path);

  FileLock(FileLock&& other) noexcept : file_{std::exchange(other.file_, -1)} {}
  FileLock& operator=(FileLock&&) = delete;
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int file) : file_{file} {}
  int file_;
};

}  // namespace remora::spool
