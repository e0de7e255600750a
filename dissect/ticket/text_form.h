#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "capture/base/bytes.h"

namespace remora::ticket {

/// How the characters of a document stand in its bytes. Told by its first bytes, never by what its
/// XML declaration says: Windows XP writes encoding="Unicode", which is no registered name
/// (protocols-ra.md 1.1).
enum class TextForm : std::uint8_t { kBytes, kUtf16Le, kUtf16Be };

/// By the byte order mark, or by where the zeros of the first character are.
[[nodiscard]] TextForm text_form_of(ByteView start);

struct Text {
  std::string utf8;
  /// Where in `utf8` an unpaired surrogate stood; what follows it is left out. Half a character at
  /// the end is left out too, without a word.
  std::optional<std::size_t> broken_at;
};

/// A character of UTF-8 text and the bytes it takes; a byte that begins none stands for itself, as
/// in Windows-1252.
struct Character {
  char32_t value{};
  std::size_t size{1};
};
/// The first character of a text that is not empty.
[[nodiscard]] Character first_character(std::string_view text);

/// The characters, without byte order mark. Bytes that are not UTF-8 are read as Windows-1252.
/// Never larger than three times the bytes.
[[nodiscard]] Text to_text(ByteView bytes, TextForm form);

}  // namespace remora::ticket
