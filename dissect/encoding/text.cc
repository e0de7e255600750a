#include "dissect/encoding/text.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace remora::encoding {
namespace {

constexpr char32_t kReplacement = 0xfffd;

[[nodiscard]] bool is_control(char32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0);
}
[[nodiscard]] bool is_scalar(char32_t c) {
  return c < 0xd800 || (c > 0xdfff && c <= 0x10ffff);
}

/// Bytes of the UTF-8 sequence that starts with `lead`; 0 for a byte that starts none.
[[nodiscard]] std::size_t sequence_size(std::uint8_t lead) {
  if (lead < 0x80) { return 1; }
  if (lead < 0xc2) { return 0; }  // continuation, or an overlong form
  if (lead < 0xe0) { return 2; }
  if (lead < 0xf0) { return 3; }
  return lead < 0xf5 ? 4 : 0;
}

/// The character at the start of `bytes` and its size; empty when it is not valid UTF-8.
struct Decoded {
  char32_t character;
  std::size_t size;
};

[[nodiscard]] std::optional<Decoded> decode_first(ByteView bytes) {
  constexpr std::array<char32_t, 5> kSmallest{0, 0, 0x80, 0x800, 0x10000};
  const auto lead = to_u8(bytes.front());
  const auto size = sequence_size(lead);
  if (size == 0 || size > bytes.size()) { return std::nullopt; }
  if (size == 1) { return Decoded{.character = lead, .size = 1}; }
  char32_t character = lead & (0x7fU >> size);
  for (const auto b : bytes.subspan(1, size - 1)) {
    if ((to_u8(b) & 0xc0U) != 0x80U) { return std::nullopt; }
    character = (character << 6) | (to_u8(b) & 0x3fU);
  }
  if (character < kSmallest.at(size) || !is_scalar(character)) { return std::nullopt; }
  return Decoded{.character = character, .size = size};
}

/// Calls `take` with each character; false when `bytes` are not UTF-8.
template <typename Take>
[[nodiscard]] bool for_each_character(ByteView bytes, Take take) {
  while (!bytes.empty()) {
    const auto next = decode_first(bytes);
    if (!next) { return false; }
    take(next->character);
    bytes = bytes.subspan(next->size);
  }
  return true;
}

}  // namespace

void append_utf8(std::string& out, char32_t character) {
  const auto c = is_control(character) || !is_scalar(character) ? kReplacement : character;
  const auto add = [&out](char32_t bits) { out.push_back(static_cast<char>(bits)); };
  if (c < 0x80) {
    add(c);
  } else if (c < 0x800) {
    add(0xc0 | (c >> 6));
    add(0x80 | (c & 0x3fU));
  } else if (c < 0x10000) {
    add(0xe0 | (c >> 12));
    add(0x80 | ((c >> 6) & 0x3fU));
    add(0x80 | (c & 0x3fU));
  } else {
    add(0xf0 | (c >> 18));
    add(0x80 | ((c >> 12) & 0x3fU));
    add(0x80 | ((c >> 6) & 0x3fU));
    add(0x80 | (c & 0x3fU));
  }
}

ByteView up_to_nul(ByteView bytes) {
  const auto nul = std::find(bytes.begin(), bytes.end(), std::byte{0});
  return bytes.first(static_cast<std::size_t>(nul - bytes.begin()));
}

std::string to_utf8(ByteView bytes) {
  std::string out;
  if (for_each_character(bytes, [&out](char32_t c) { append_utf8(out, c); })) { return out; }
  out.clear();
  for (const auto b : bytes) { append_utf8(out, to_u8(b)); }
  return out;
}

bool is_printable(ByteView bytes) {
  bool printable = true;
  const bool utf8 =
      for_each_character(bytes, [&printable](char32_t c) { printable &= !is_control(c); });
  return utf8 && printable;
}

std::string to_hex(ByteView bytes) {
  constexpr std::string_view kDigits{"0123456789abcdef"};
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const auto b : bytes) {
    out.push_back(kDigits[to_u8(b) >> 4]);
    out.push_back(kDigits[to_u8(b) & 0x0fU]);
  }
  return out;
}

}  // namespace remora::encoding
