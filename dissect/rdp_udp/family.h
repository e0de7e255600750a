#pragma once

#include "dissect/conversation/family.h"

namespace remora::rdp_udp {

inline constexpr Protocol kProtocol{"rdp_udp"};

/// RDP over UDP, all versions. Carries "tls.multitransport" or "dtls".
[[nodiscard]] Family family();

}  // namespace remora::rdp_udp
