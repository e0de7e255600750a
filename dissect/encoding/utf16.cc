#include "dissect/encoding/utf16.h"

#include <cstdint>

#include "dissect/encoding/text.h"

namespace remora::encoding {
namespace {

[[nodiscard]] std::uint32_t unit_at(ByteView bytes, std::size_t at) {
  return to_u8(bytes[at]) | (static_cast<std::uint32_t>(to_u8(bytes[at + 1])) << 8);
}

[[nodiscard]] bool is_high_surrogate(std::uint32_t unit) {
  return (unit & 0xfc00U) == 0xd800U;
}
[[nodiscard]] bool is_low_surrogate(std::uint32_t unit) {
  return (unit & 0xfc00U) == 0xdc00U;
}

}  // namespace

std::string utf16le_to_utf8(ByteView bytes) {
  std::string out;
  const auto size = bytes.size() & ~std::size_t{1};
  for (std::size_t at = 0; at < size; at += 2) {
    const auto unit = unit_at(bytes, at);
    if (unit == 0) { break; }
    const auto low = is_high_surrogate(unit) && at + 2 < size ? unit_at(bytes, at + 2) : 0;
    if (is_low_surrogate(low)) {
      append_utf8(out, 0x10000U + ((unit & 0x3ffU) << 10) + (low & 0x3ffU));
      at += 2;
    } else {
      append_utf8(out, unit);
    }
  }
  return out;
}

}  // namespace remora::encoding
