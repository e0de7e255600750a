#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace remora {

/// Borrowed bytes. Whoever hands them out says until when they live.
using ByteView = std::span<const std::byte>;

/// The same memory seen as text of unknown encoding.
[[nodiscard]] inline std::string_view as_text(ByteView bytes) {
  // The standard allows any object to be read as char; nothing else is cast in this program.
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Text seen as bytes.
[[nodiscard]] inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

[[nodiscard]] constexpr std::uint8_t to_u8(std::byte b) {
  return std::to_integer<std::uint8_t>(b);
}

}  // namespace remora
