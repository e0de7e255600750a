#pragma once

#include <string>
#include <string_view>

#include "daemon/siem/row.h"

namespace remora::siem {

/// The value of `row` as text; empty where there is none. Bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string text_of(const Row& row, const Json& facts);

/// Control characters, line ends and tabs among them, become spaces: such a line has no other way
/// to say them, and terminals obey them.
[[nodiscard]] std::string without_controls(std::string_view text);

}  // namespace remora::siem
