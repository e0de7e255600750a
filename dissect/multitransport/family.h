#pragma once

#include "dissect/conversation/family.h"

namespace remora::multitransport {

inline constexpr Protocol kProtocol{"multitransport"};

/// Reached by hand-over, from what protects it. Carries the channel "drdynvc.tunnel".
[[nodiscard]] Family family();

}  // namespace remora::multitransport
