#pragma once

#include <cstddef>

namespace remora::capture {

/// Asks memory for `size` bytes at `place`, without waiting for them. Says nothing about what is
/// there, and may be wrong.
inline void fetch(const void* place, std::size_t size) {
  constexpr std::size_t kCacheLine = 64;
  const auto* const bytes = static_cast<const std::byte*>(place);
  for (std::size_t at = 0; at < size; at += kCacheLine) { __builtin_prefetch(bytes + at); }
  __builtin_prefetch(bytes + size - 1);
}

}  // namespace remora::capture
