#include "dissect/ticket/text_form.h"

#include <array>
#include <string_view>

namespace remora::ticket {
namespace {

using namespace std::string_view_literals;

/// 80h to 9Fh of Windows-1252; the rest is Latin-1. Unassigned ones stay C1 controls.
constexpr std::array<char16_t, 32> kWindows1252{
    0x20ac, 0x0081, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008d, 0x017d, 0x008f, 0x0090, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x009d, 0x017e, 0x0178};

/// As it is: controls are the XML parser's to refuse.
void append(std::string& out, char32_t c) {
  const auto add = [&out](char32_t bits) { out.push_back(static_cast<char>(bits)); };
  if (c < 0x80) {
    add(c);
  } else if (c < 0x800) {
    add(0xc0 | (c >> 6U));
    add(0x80 | (c & 0x3fU));
  } else if (c < 0x10000) {
    add(0xe0 | (c >> 12U));
    add(0x80 | ((c >> 6U) & 0x3fU));
    add(0x80 | (c & 0x3fU));
  } else {
    add(0xf0 | (c >> 18U));
    add(0x80 | ((c >> 12U) & 0x3fU));
    add(0x80 | ((c >> 6U) & 0x3fU));
    add(0x80 | (c & 0x3fU));
  }
}

/// How many bytes the UTF-8 character takes that `text` begins with; 0 where it begins with none.
std::size_t utf8_size(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(text[at]); };
  const auto lead = byte(0);
  if (lead < 0x80) { return 1; }
  const std::size_t size = lead < 0xc2 ? 0U : lead < 0xe0 ? 2U : lead < 0xf0 ? 3U : 4U;
  if (size == 0 || lead > 0xf4 || size > text.size()) { return 0; }
  for (std::size_t at = 1; at < size; ++at) {
    if ((byte(at) & 0xc0U) != 0x80U) { return 0; }
  }
  // Overlong forms, surrogates, numbers above 10FFFFh: RFC 3629 4.
  const auto second = byte(1);
  const bool odd = (lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) ||
                   (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f);
  return odd ? 0 : size;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto size = utf8_size(text);
    if (size == 0) { return false; }
    text.remove_prefix(size);
  }
  return true;
}

char32_t from_windows1252(std::uint8_t byte) {
  return byte >= 0x80 && byte < 0xa0 ? kWindows1252.at(byte - 0x80U) : byte;
}

Text from_bytes(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf"sv)) { text.remove_prefix(3); }
  if (is_utf8(text)) { return {.utf8 = std::string{text}, .broken_at = {}}; }
  std::string utf8;
  utf8.reserve(text.size() * 2);
  for (const char c : text) { append(utf8, from_windows1252(static_cast<std::uint8_t>(c))); }
  return {.utf8 = std::move(utf8), .broken_at = {}};
}

Text from_utf16(ByteView bytes, std::size_t low) {
  const auto unit_at = [&](std::size_t at) -> char32_t {
    return to_u8(bytes[at + low]) | (static_cast<char32_t>(to_u8(bytes[at + 1 - low])) << 8U);
  };
  Text text;
  text.utf8.reserve(bytes.size());
  const auto whole = bytes.size() & ~std::size_t{1};
  std::size_t at = whole >= 2 && unit_at(0) == 0xfeff ? 2 : 0;
  for (; at < whole; at += 2) {
    const auto unit = unit_at(at);
    if (unit < 0xd800 || unit > 0xdfff) {
      append(text.utf8, unit);
      continue;
    }
    const auto next = at + 2 < whole ? unit_at(at + 2) : 0;
    if (at + 2 >= whole && unit <= 0xdbff) { break; }  // its other half was cut off
    if (unit > 0xdbff || next < 0xdc00 || next > 0xdfff) {
      text.broken_at = text.utf8.size();
      break;
    }
    append(text.utf8, 0x10000U + ((unit & 0x3ffU) << 10U) + (next & 0x3ffU));
    at += 2;
  }
  return text;
}

}  // namespace

Character first_character(std::string_view text) {
  const auto lead = static_cast<std::uint8_t>(text.front());
  const auto size = utf8_size(text);
  if (size == 0) { return {.value = from_windows1252(lead), .size = 1}; }
  if (size == 1) { return {.value = lead, .size = 1}; }
  char32_t value = lead & (0x7fU >> size);
  for (const char c : text.substr(1, size - 1)) {
    value = (value << 6U) | (static_cast<std::uint8_t>(c) & 0x3fU);
  }
  return {.value = value, .size = size};
}

TextForm text_form_of(ByteView start) {
  if (start.size() < 2) { return TextForm::kBytes; }
  const auto first = to_u8(start[0]);
  const auto second = to_u8(start[1]);
  if ((first == 0xff && second == 0xfe) || (first != 0 && second == 0)) {
    return TextForm::kUtf16Le;
  }
  if ((first == 0xfe && second == 0xff) || (first == 0 && second != 0)) {
    return TextForm::kUtf16Be;
  }
  return TextForm::kBytes;
}

Text to_text(ByteView bytes, TextForm form) {
  switch (form) {
    case TextForm::kUtf16Le:
      return from_utf16(bytes, 0);
    case TextForm::kUtf16Be:
      return from_utf16(bytes, 1);
    case TextForm::kBytes:
      break;
  }
  return from_bytes(as_text(bytes));
}

}  // namespace remora::ticket
