#pragma once

#include "dissect/conversation/family.h"

namespace remora::dynamic_channels {

inline constexpr Protocol kProtocol{"drdynvc"};
/// The same inside a multitransport connection, [MS-RDPEMT].
inline constexpr Protocol kInTunnel{"drdynvc.tunnel"};

/// Read on channels of these names.
[[nodiscard]] Family family();

}  // namespace remora::dynamic_channels
