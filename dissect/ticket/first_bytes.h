#pragma once

#include <cstddef>

#include "capture/base/bytes.h"
#include "dissect/conversation/family.h"

namespace remora::ticket {

/// LIMIT: of what may stand before the root element: byte order mark, declaration, comments.
inline constexpr std::size_t kMaxPrologBytes = 2048;

/// Whether a file that begins with these bytes is a ticket, whole or broken: by the root element
/// UPLOADINFO or E behind any prolog, or by the version of a bare connection string 1. In 8-bit
/// code pages and both orders of UTF-16, with byte order mark or without (protocols-ra.md 1.1).
///
/// kMore while it cannot be told. Ordinary XML is kNo as soon as its root has another name. Cost:
/// one comparison where the first byte rules it out.
[[nodiscard]] Verdict judge_first_bytes(ByteView first_bytes);

}  // namespace remora::ticket
