#pragma once

#include <string_view>

namespace remora::encoding {

/// Whether UTF-8 text that a protocol gives as a machine's name may be kept as one: 1 to 255 bytes,
/// no IP address, no white space, slash or other mark that names have not, nothing that could not
/// be decoded. Underscores and letters beyond ASCII occur and may stay.
[[nodiscard]] bool may_be_host_name(std::string_view text);

/// Whether two names are the same but for the case of ASCII letters.
[[nodiscard]] bool same_name(std::string_view one, std::string_view two);

}  // namespace remora::encoding
