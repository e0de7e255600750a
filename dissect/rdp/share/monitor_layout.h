#pragma once

#include <cstdint>
#include <vector>

#include "capture/base/cursor.h"
#include "dissect/rdp/gcc/client_monitor.h"

namespace remora::rdp {

/// Monitor Layout PDU, [MS-RDPBCGR] 2.2.12.1.
///
/// LIMIT: 16 monitors, as of a client; more are not read.
struct MonitorLayout {
  std::uint32_t monitor_count;  ///< as on the wire
  std::vector<MonitorDef> monitors;
};

/// Reads `ShareDataPdu::payload`.
[[nodiscard]] MonitorLayout read_monitor_layout(Cursor& in);

}  // namespace remora::rdp
