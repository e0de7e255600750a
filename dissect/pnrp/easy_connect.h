#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "capture/base/bytes.h"

namespace remora::pnrp {

/// Whether a classifier is one that Easy Connect makes: 32 upper-case hexadecimal digits,
/// [MS-RAIOP] 3.1.5.3.
[[nodiscard]] bool is_easy_connect(std::string_view classifier);
/// One under which a contact is reached, [MS-RAIOP] 3.3.5.2.
[[nodiscard]] bool is_contact(std::string_view classifier);

/// Deciphers what is published under an Easy Connect classifier: AES-128 in CBC mode with a zero
/// vector, [MS-RAIOP] 3.2.5.3. The key is a function of the classifier alone. Gives the connection
/// string in UTF-16, little-endian; nothing where the padding is wrong.
[[nodiscard]] std::optional<std::vector<std::byte>> open_payload(std::string_view classifier,
                                                                 ByteView payload);

}  // namespace remora::pnrp
