#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "capture/base/bytes.h"

namespace remora::capture {

/// The last bytes of a stream that were read, so that a segment which claims the same place can be
/// held against them. A ring: the byte at stream offset n lies at n modulo its size.
///
/// LIMIT: 1 KiB, allocated with the first byte. A conflicting segment that comes later than that
/// many bytes after the first is not noticed.
class Delivered {
 public:
  static constexpr std::size_t kBytes = 1024;

  /// `bytes` were read at stream offset `start`. What is not contiguous with the bytes before
  /// begins anew. Returns how much memory it took, mostly 0.
  std::size_t append(std::uint64_t start, ByteView bytes);

  /// False when a byte of `bytes`, claimed for stream offset `start`, is known to have been
  /// another.
  [[nodiscard]] bool agrees(std::uint64_t start, ByteView bytes) const;

  [[nodiscard]] std::size_t memory_bytes() const { return ring_ == nullptr ? 0 : kBytes; }

 private:
  using Ring = std::array<std::byte, kBytes>;

  std::unique_ptr<Ring> ring_;
  std::uint64_t begin_{0};  ///< stream offsets [begin_, end_) are in the ring
  std::uint64_t end_{0};
};

}  // namespace remora::capture
