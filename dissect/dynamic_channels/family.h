#pragma once

#include "dissect/conversation/family.h"

namespace remora::dynamic_channels {

inline constexpr Protocol kProtocol{"drdynvc"};

/// Read on the static channel of that name.
[[nodiscard]] Family family();

}  // namespace remora::dynamic_channels
