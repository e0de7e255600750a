#include "dissect/encoding/base64.h"

#include <cstdint>

namespace remora::encoding {

std::vector<std::byte> from_base64(std::string_view text) {
  constexpr std::string_view kAlphabet{
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"};
  std::vector<std::byte> bytes;
  std::uint32_t bits = 0;
  unsigned held = 0;  // bits of `bits` not yet given out
  for (const char c : text) {
    const auto value = kAlphabet.find(c);
    if (value == std::string_view::npos) { break; }
    bits = ((bits << 6U) | static_cast<std::uint32_t>(value)) & 0xffffU;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes.push_back(static_cast<std::byte>((bits >> held) & 0xffU));
    }
  }
  return bytes;
}

}  // namespace remora::encoding
