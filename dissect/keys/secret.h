#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "capture/base/bytes.h"

namespace remora::keys {

/// Bytes that are wiped from memory when they are let go, and that nothing prints. Moves, never
/// copies; has no comparison and no text.
class Secret {
 public:
  Secret() = default;
  explicit Secret(ByteView bytes) : bytes_{bytes.begin(), bytes.end()} {}
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  Secret(Secret&& other) noexcept : bytes_{std::move(other.bytes_)} { other.bytes_.clear(); }
  Secret& operator=(Secret&& other) noexcept;
  ~Secret() { wipe(); }

  /// Borrowed from this secret.
  [[nodiscard]] ByteView bytes() const { return bytes_; }
  [[nodiscard]] std::string_view text() const { return as_text(bytes_); }
  [[nodiscard]] bool empty() const { return bytes_.empty(); }

 private:
  void wipe();

  std::vector<std::byte> bytes_;  ///< INVARIANT: never grows, so that it leaves no copy behind
};

/// Overwrites memory in a way that no compiler leaves out.
void wipe(std::span<std::byte> bytes);

}  // namespace remora::keys
