#pragma once

#include <array>
#include <cstddef>

#include "capture/base/bytes.h"

namespace remora::encoding {

/// For fingerprints that are defined by it; protects nothing.
[[nodiscard]] std::array<std::byte, 16> md5(ByteView bytes);
[[nodiscard]] std::array<std::byte, 20> sha1(ByteView bytes);
[[nodiscard]] std::array<std::byte, 32> sha256(ByteView bytes);

}  // namespace remora::encoding
