#pragma once

#include "dissect/conversation/family.h"

namespace remora::rdp {

inline constexpr Protocol kProtocol{"rdp"};

/// Remote Desktop Protocol over TPKT. Hands over to "tls" where the server selects it.
[[nodiscard]] Family family();

inline constexpr Protocol kInsideTls{"rdp.inside_tls"};

/// The same where TLS and CredSSP came first, [MS-RDPBCGR] 5.4.2.2: what the server selects is
/// there already. Reached by hand-over only.
[[nodiscard]] Family inside_tls_family();

}  // namespace remora::rdp
