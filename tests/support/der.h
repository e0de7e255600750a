#pragma once

#include <string>
#include <string_view>

namespace remora::testing {

/// One DER element as hexadecimal text: the tag as given, the definite length of `content`, and
/// `content`, which is hexadecimal text too. Nests: der("30", der("02", "05")).
[[nodiscard]] std::string der(std::string_view tag, std::string_view content);

/// Characters as hexadecimal text.
[[nodiscard]] std::string hex_of(std::string_view text);

/// Characters as UTF-16LE, each below 80h, as hexadecimal text.
[[nodiscard]] std::string utf16_of(std::string_view text);

}  // namespace remora::testing
