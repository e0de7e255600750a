#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

#include "capture/base/bytes.h"

namespace remora::keys {

/// Bytes that are wiped from memory when they are let go, and that nothing prints. Moves, never
/// copies; has no comparison and no text. They lie in OpenSSL's secure heap, which is locked into
/// memory, as far as the program made one and it has room.
class Secret {
 public:
  Secret() = default;
  explicit Secret(ByteView bytes);
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  Secret(Secret&& other) noexcept : bytes_{std::exchange(other.bytes_, {})} {}
  Secret& operator=(Secret&& other) noexcept;
  ~Secret() { let_go(); }

  /// Borrowed from this secret.
  [[nodiscard]] ByteView bytes() const { return bytes_; }
  [[nodiscard]] std::string_view text() const { return as_text(bytes_); }
  [[nodiscard]] bool empty() const { return bytes_.empty(); }

 private:
  void let_go();

  std::span<std::byte> bytes_;  ///< owned
};

/// Overwrites memory in a way that no compiler leaves out.
void wipe(std::span<std::byte> bytes);

}  // namespace remora::keys
