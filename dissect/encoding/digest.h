#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "capture/base/bytes.h"

namespace remora::encoding {

/// For fingerprints that are defined by it; protects nothing. Absent where OpenSSL is set up to
/// refuse it.
[[nodiscard]] std::optional<std::array<std::byte, 16>> md5(ByteView bytes);

// What identifies events and files; without them, as without memory, nothing can go on, and the
// program ends.
[[nodiscard]] std::array<std::byte, 20> sha1(ByteView bytes);
[[nodiscard]] std::array<std::byte, 32> sha256(ByteView bytes);

}  // namespace remora::encoding
