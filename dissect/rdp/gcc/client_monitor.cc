#include "dissect/rdp/gcc/client_monitor.h"

#include <cstddef>

namespace remora::rdp {
namespace {

constexpr std::size_t kMostMonitors = 16;
constexpr std::size_t kAttributesBytes = 20;

[[nodiscard]] MonitorDef read_monitor_def(Cursor& in) {
  return {.left = in.i32le("left"),
          .top = in.i32le("top"),
          .right = in.i32le("right"),
          .bottom = in.i32le("bottom"),
          .flags = in.u32le("flags")};
}

/// An entry may be longer than today's twenty bytes; monitorAttributeSize says.
[[nodiscard]] MonitorAttributes read_attributes(Cursor& parent, std::size_t size) {
  auto in = parent.sub(size, "monitorAttributes");
  return {.physical_width = in.u32le("physicalWidth"),
          .physical_height = in.u32le("physicalHeight"),
          .orientation = in.u32le("orientation"),
          .desktop_scale_factor = in.u32le("desktopScaleFactor"),
          .device_scale_factor = in.u32le("deviceScaleFactor")};
}

}  // namespace

observation::Monitor to_monitor(const MonitorDef& definition) {
  return {.left = definition.left,
          .top = definition.top,
          .right = definition.right,
          .bottom = definition.bottom,
          .primary = definition.is_primary()};
}

std::vector<MonitorDef> read_monitor_defs(Cursor& in, std::uint32_t count) {
  std::vector<MonitorDef> monitors;
  while (in.ok() && monitors.size() < count && monitors.size() < kMostMonitors) {
    const auto definition = read_monitor_def(in);
    if (in.ok()) { monitors.push_back(definition); }
  }
  return monitors;
}

ClientMonitor read_client_monitor(Cursor& in) {
  const auto flags = in.u32le("flags");
  const auto count = in.u32le("monitorCount");
  return {.flags = flags, .monitor_count = count, .monitors = read_monitor_defs(in, count)};
}

ClientMonitorEx read_client_monitor_ex(Cursor& in) {
  ClientMonitorEx monitor{.flags = in.u32le("flags"),
                          .monitor_attribute_size = in.u32le("monitorAttributeSize"),
                          .monitor_count = in.u32le("monitorCount"),
                          .monitors = {}};
  if (in.ok() && monitor.monitor_attribute_size < kAttributesBytes) {
    in.fail("monitorAttributeSize", "smaller than 20");
  }
  while (in.ok() && monitor.monitors.size() < monitor.monitor_count &&
         monitor.monitors.size() < kMostMonitors) {
    const auto attributes = read_attributes(in, monitor.monitor_attribute_size);
    if (in.ok()) { monitor.monitors.push_back(attributes); }
  }
  return monitor;
}

}  // namespace remora::rdp
