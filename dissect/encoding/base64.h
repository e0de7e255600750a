#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace remora::encoding {

/// Base64, RFC 4648 4, up to the first character that is not of its alphabet (padding, damage).
[[nodiscard]] std::vector<std::byte> from_base64(std::string_view text);

}  // namespace remora::encoding
