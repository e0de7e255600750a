#include "dissect/rdp/share/monitor_layout.h"

namespace remora::rdp {

MonitorLayout read_monitor_layout(Cursor& in) {
  const auto count = in.u32le("monitorCount");
  return {.monitor_count = count, .monitors = read_monitor_defs(in, count)};
}

}  // namespace remora::rdp
