#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "capture/base/cursor.h"

namespace remora::ndr {

/// A UUID, [C706] appendix A: interfaces, classes and objects are named by them.
struct Guid {
  std::array<std::uint8_t, 16> bytes{};  ///< in the order of its text form
  auto operator<=>(const Guid&) const = default;
  [[nodiscard]] bool is_null() const { return *this == Guid{}; }
};
inline constexpr std::size_t kGuidBytes = 16;

/// From "833E4200-AFF7-4AC3-AAC2-9F24C1457BCE", at compile time.
consteval Guid make_guid(std::string_view text) {
  Guid guid;
  std::size_t digits = 0;
  for (const char c : text) {
    if (c == '-') { continue; }
    const int value = c >= 'A' ? (c | 0x20) - 'a' + 10 : c - '0';
    auto& byte = guid.bytes.at(digits++ / 2);
    byte = static_cast<std::uint8_t>(byte * 16 + value);
  }
  // Text of another length is no constant expression.
  if (digits != 2 * guid.bytes.size()) { (void)guid.bytes.at(guid.bytes.size()); }
  return guid;
}

/// 16 bytes, without alignment: the first three groups in the order given, the rest as they are.
[[nodiscard]] Guid read_guid(Cursor& in, bool little_endian, const char* field);

}  // namespace remora::ndr
