#pragma once

#include "dissect/conversation/family.h"

namespace remora::kdc {

inline constexpr Protocol kProtocol{"kerberos"};

/// Kerberos between a machine and its key distribution centre, RFC 4120 7.2: UDP port 88, and TCP.
[[nodiscard]] Family family();

}  // namespace remora::kdc
