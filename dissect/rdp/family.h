#pragma once

#include "dissect/conversation/family.h"

namespace remora::rdp {

inline constexpr Protocol kProtocol{"rdp"};

/// Remote Desktop Protocol over TPKT. Hands over to "tls" where the server selects it.
[[nodiscard]] Family family();

}  // namespace remora::rdp
