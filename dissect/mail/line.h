#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "capture/base/bytes.h"

namespace remora::mail {

/// LIMIT: of a line that is read; longer ones are passed over. Logins with certificates make the
/// longest, and lists of recipients.
inline constexpr std::size_t kMaxLine = std::size_t{16} << 10U;

/// A line of a protocol of lines.
struct Line {
  std::string_view text;  ///< without its end
  std::size_t size{0};    ///< with it
};
/// The first line of `bytes`; nothing where its end is not among the first `most` of them.
[[nodiscard]] std::optional<Line> first_line(ByteView bytes, std::size_t most = kMaxLine);

[[nodiscard]] std::string to_upper(std::string_view text);

/// The text up to the next blank, which `rest` steps over.
[[nodiscard]] std::string_view take_word(std::string_view& rest);

/// Digits only, up to 4294967295.
[[nodiscard]] std::optional<std::uint32_t> to_number(std::string_view text);

/// Whether `text` begins with `word`, in any case, or may still come to; `word` is in upper case.
enum class Match : std::uint8_t { kNo, kMore, kYes };
[[nodiscard]] Match begins_with(std::string_view text, std::string_view word);

}  // namespace remora::mail
