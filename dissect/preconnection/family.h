#pragma once

#include "dissect/conversation/family.h"

namespace remora::preconnection {

inline constexpr Protocol kProtocol{"preconnection"};

/// The RDP preconnection PDU, [MS-RDPEPS]: Remote Assistance since Windows Vista, Hyper-V's port
/// 2179, some gateways. Hands over to "rdp".
[[nodiscard]] Family family();

}  // namespace remora::preconnection
