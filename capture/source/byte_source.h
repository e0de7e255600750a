#pragma once

#include <cstddef>
#include <span>
#include <string>

#include <tl/expected.hpp>

namespace remora::capture {

/// Why no more bytes come. `reason` is lower case without a full stop.
struct ByteError {
  bool ended_early{false};  ///< the bytes stop in the middle of compressed data; not damage
  std::string reason;
};

/// Bytes in order, from a file or out of a decompressor.
class ByteSource {
 public:
  ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  ByteSource(ByteSource&&) = delete;
  ByteSource& operator=(ByteSource&&) = delete;
  virtual ~ByteSource() = default;

  /// Writes at most `into.size()` bytes (at least one) and says how many; 0 is the end. May give
  /// fewer than it could, so that a pipe is read as it fills.
  [[nodiscard]] virtual tl::expected<std::size_t, ByteError> read(std::span<std::byte> into) = 0;

  /// Whether `read` may have to wait for somebody else to write.
  [[nodiscard]] virtual bool may_wait() const { return false; }
};

/// An open file, pipe or terminal. Plain `read` and not a mapping: a file that shrinks while it is
/// mapped kills its reader, and mapping took nearly twice as long (page faults).
class FileBytes final : public ByteSource {
 public:
  /// Takes over an open file descriptor.
  explicit FileBytes(int descriptor) : descriptor_{descriptor} {}
  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;
  FileBytes(FileBytes&&) = delete;
  FileBytes& operator=(FileBytes&&) = delete;
  ~FileBytes() override;

  [[nodiscard]] tl::expected<std::size_t, ByteError> read(std::span<std::byte> into) override;
  /// Of anything but a plain file.
  [[nodiscard]] bool may_wait() const override;

 private:
  int descriptor_;
};

}  // namespace remora::capture
