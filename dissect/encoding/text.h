#pragma once

#include <string>

#include "capture/base/bytes.h"

namespace remora::encoding {

/// Appends one Unicode scalar value as UTF-8. Control characters (C0, DEL, C1), surrogates and
/// numbers above 10FFFFh are replaced by U+FFFD, so that text from strangers is safe to print.
void append_utf8(std::string& out, char32_t character);

/// The bytes before the first NUL; all of them when there is none. Borrowed from `bytes`.
[[nodiscard]] ByteView up_to_nul(ByteView bytes);

/// Bytes of an unknown 8-bit code page as valid UTF-8. Bytes that are UTF-8 already are kept, else
/// each byte from 80h is read as Latin-1. Control characters become U+FFFD.
[[nodiscard]] std::string to_utf8(ByteView bytes);

/// Whether all bytes are UTF-8 text without control characters. True for no bytes.
[[nodiscard]] bool is_printable(ByteView bytes);

/// Lower-case hexadecimal digits, two a byte, nothing between.
[[nodiscard]] std::string to_hex(ByteView bytes);

}  // namespace remora::encoding
