#include "dissect/encoding/base64.h"

#include <cstdint>

namespace remora::encoding {

std::optional<std::uint32_t> base64_digit(char c) {
  const auto from = [c](char first) { return static_cast<std::uint32_t>(c - first); };
  if (c >= 'A' && c <= 'Z') { return from('A'); }
  if (c >= 'a' && c <= 'z') { return from('a') + 26; }
  if (c >= '0' && c <= '9') { return from('0') + 52; }
  if (c == '+') { return 62; }
  if (c == '/') { return 63; }
  return std::nullopt;
}

std::optional<std::vector<std::byte>> from_base64(std::string_view text) {
  for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) { text.remove_suffix(1); }
  if (text.size() % 4 == 1) { return std::nullopt; }
  std::vector<std::byte> bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const char c : text) {
    const auto value = base64_digit(c);
    if (!value.has_value()) { return std::nullopt; }
    bits = (bits << 6U) | *value;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes.push_back(static_cast<std::byte>((bits >> held) & 0xffU));
    }
  }
  return bytes;
}

}  // namespace remora::encoding
