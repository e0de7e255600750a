#pragma once

#include "dissect/conversation/family.h"

namespace remora::assistance {

inline constexpr Protocol kProtocol{"assistance"};

/// Read on channels only.
[[nodiscard]] Family family();

}  // namespace remora::assistance
