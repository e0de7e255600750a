#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace remora::names {

/// LIMIT: RFC 1035 2.3.4 without the final dot.
inline constexpr std::size_t kMaxNameBytes = 253;
inline constexpr std::size_t kMaxLabelBytes = 63;

/// `text` as the name of a host, without a final dot; empty unless it is fit to be one: UTF-8 of at
/// most 253 bytes in labels of 1 to 63, without spaces, control characters or what no computer name
/// may have (" * / : < > ? | and the backslash), no address in text, no "localhost".
[[nodiscard]] std::optional<std::string> to_host_name(std::string_view text);

}  // namespace remora::names
