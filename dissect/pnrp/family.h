#pragma once

#include "dissect/conversation/family.h"

namespace remora::pnrp {

inline constexpr Protocol kProtocol{"pnrp"};

/// Names of Easy Connect that are published, resolved and revoked.
[[nodiscard]] Family family();

}  // namespace remora::pnrp
