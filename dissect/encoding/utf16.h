#pragma once

#include <string>

#include "capture/base/bytes.h"

namespace remora::encoding {

/// UTF-16LE bytes up to the first NUL (or all of them) as valid UTF-8. Unpaired surrogates and
/// control characters become U+FFFD; an odd last byte is ignored.
[[nodiscard]] std::string utf16le_to_utf8(ByteView bytes);

}  // namespace remora::encoding
