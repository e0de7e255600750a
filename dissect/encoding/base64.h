#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace remora::encoding {

/// The six bits that a character of base64 stands for; empty for any other, "=" included.
[[nodiscard]] std::optional<std::uint32_t> base64_digit(char c);

/// The bytes of base64 text, RFC 4648 4. Lenient: the padding may be missing, and bits of the last
/// character that belong to no byte may be set. Empty when any other character occurs, or when a
/// single one is left over. Never larger than three quarters of the text.
[[nodiscard]] std::optional<std::vector<std::byte>> from_base64(std::string_view text);

}  // namespace remora::encoding
