#pragma once

#include <string>
#include <string_view>

namespace remora::mime {

/// A header's text with its encoded words decoded, RFC 2047: "=?utf-8?B?...?=", also inside quotes,
/// where many programs put them. Bytes of the character sets that the words name, not yet UTF-8.
/// What is no encoded word stays as it is.
[[nodiscard]] std::string decode_encoded_words(std::string_view text);

}  // namespace remora::mime
