#pragma once

#include "dissect/conversation/family.h"

namespace remora::clipboard {

inline constexpr Protocol kProtocol{"clipboard"};

/// Read on channels only.
[[nodiscard]] Family family();

}  // namespace remora::clipboard
