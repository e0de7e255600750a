#pragma once

#include <cstddef>

#include "capture/base/cursor.h"

namespace remora::encoding {

/// A length determinant of ALIGNED PER, X.691 10.9.3, as RDP peers write it: one byte below 80h,
/// else two bytes big-endian whose top bit is not part of the value; 0 to 32767.
///
/// SPEC: X.691 gives 14 bits to the two-byte form and marks fragments with the next bit; RDP uses
/// 15 bits and never fragments.
[[nodiscard]] std::size_t read_per_length(Cursor& in, const char* field);

}  // namespace remora::encoding
