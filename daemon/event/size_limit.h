#pragma once

#include <cstddef>

namespace remora {

/// LIMIT: of an event on its way and in files. What the limits of `dissect` let through stays far
/// below it.
inline constexpr std::size_t kMaxEventBytes = std::size_t{4} << 20U;

}  // namespace remora
