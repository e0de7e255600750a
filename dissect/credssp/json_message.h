#pragma once

#include <cstddef>

#include "capture/base/bytes.h"

namespace remora::credssp {

/// Finds the end of a JSON object (RFC 8259) as it comes, and keeps nothing of it.
///
/// State: depth, and whether a text goes on.
class JsonMessage {
 public:
  /// LIMIT: bytes of one. An assertion holds an access token: some kilobytes.
  static constexpr std::size_t kMaxBytes = 64U << 10U;

  /// Takes the next bytes, up to the end of the object; says how many they were.
  [[nodiscard]] std::size_t on_bytes(ByteView bytes);

  /// In the middle of one.
  [[nodiscard]] bool open() const { return depth_ > 0; }
  [[nodiscard]] bool too_large() const { return size_ > kMaxBytes; }

 private:
  void on_character(char c);

  std::size_t size_{0};
  std::size_t depth_{0};
  bool in_text_{false};
  bool escaped_{false};
};

}  // namespace remora::credssp
