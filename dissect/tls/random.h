#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "capture/base/cursor.h"

namespace remora::tls {

/// The random of a hello, RFC 8446 4.1.2.
using Random = std::array<std::byte, 32>;

[[nodiscard]] inline Random read_random(Cursor& in) {
  Random random{};
  std::ranges::copy(in.bytes(random.size(), "random"), random.begin());
  return random;
}

}  // namespace remora::tls
