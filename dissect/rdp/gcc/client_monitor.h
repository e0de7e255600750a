#pragma once

#include <cstdint>
#include <vector>

#include "capture/base/cursor.h"
#include "dissect/observation/settings.h"

namespace remora::rdp {

/// TS_MONITOR_DEF, [MS-RDPBCGR] 2.2.1.3.6.1, in pixels of the virtual desktop; edges inclusive.
struct MonitorDef {
  std::int32_t left;
  std::int32_t top;
  std::int32_t right;
  std::int32_t bottom;
  std::uint32_t flags;

  [[nodiscard]] bool is_primary() const { return (flags & 1U) != 0; }
};

[[nodiscard]] observation::Monitor to_monitor(const MonitorDef& definition);

/// TS_UD_CS_MONITOR, 2.2.1.3.6.
///
/// LIMIT: 16 monitors, the protocol's own maximum; more are not read.
struct ClientMonitor {
  std::uint32_t flags;
  std::uint32_t monitor_count;  ///< as on the wire
  std::vector<MonitorDef> monitors;
};

/// TS_MONITOR_ATTRIBUTES, 2.2.1.3.10.1.
struct MonitorAttributes {
  std::uint32_t physical_width;   ///< mm
  std::uint32_t physical_height;  ///< mm
  std::uint32_t orientation;      ///< degrees
  std::uint32_t desktop_scale_factor;
  std::uint32_t device_scale_factor;
};

/// TS_UD_CS_MONITOR_EX, 2.2.1.3.10. Same limit.
struct ClientMonitorEx {
  std::uint32_t flags;
  std::uint32_t monitor_attribute_size;
  std::uint32_t monitor_count;  ///< as on the wire
  std::vector<MonitorAttributes> monitors;
};

[[nodiscard]] ClientMonitor read_client_monitor(Cursor& in);
/// So many TS_MONITOR_DEF; at most 16.
[[nodiscard]] std::vector<MonitorDef> read_monitor_defs(Cursor& in, std::uint32_t count);
[[nodiscard]] ClientMonitorEx read_client_monitor_ex(Cursor& in);

}  // namespace remora::rdp
