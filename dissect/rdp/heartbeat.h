#pragma once

#include "capture/base/cursor.h"
#include "dissect/observation/connection_health.h"

namespace remora::rdp {

/// Server Heartbeat PDU, [MS-RDPBCGR] 2.2.16.1, behind its security header.
[[nodiscard]] observation::HeartbeatSeen read_heartbeat(Cursor& in);

}  // namespace remora::rdp
