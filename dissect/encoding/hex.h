#pragma once

#include <cstdint>
#include <optional>

namespace remora::encoding {

/// The value of a hexadecimal digit, in either case.
[[nodiscard]] constexpr std::optional<std::uint8_t> hex_digit(char c) {
  if (c >= '0' && c <= '9') { return static_cast<std::uint8_t>(c - '0'); }
  if (c >= 'a' && c <= 'f') { return static_cast<std::uint8_t>(c - 'a' + 10); }
  if (c >= 'A' && c <= 'F') { return static_cast<std::uint8_t>(c - 'A' + 10); }
  return std::nullopt;
}

/// The byte that two hexadecimal digits stand for.
[[nodiscard]] constexpr std::optional<std::uint8_t> hex_byte(char high, char low) {
  const auto upper = hex_digit(high);
  const auto lower = hex_digit(low);
  if (!upper.has_value() || !lower.has_value()) { return std::nullopt; }
  return static_cast<std::uint8_t>(*upper << 4U | *lower);
}

}  // namespace remora::encoding
