#pragma once

#include "dissect/conversation/family.h"

namespace remora::drives {

inline constexpr Protocol kProtocol{"drives"};

/// Read on channels only.
[[nodiscard]] Family family();

}  // namespace remora::drives
