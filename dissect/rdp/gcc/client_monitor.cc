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

ClientMonitor read_client_monitor(Cursor& in) {
  ClientMonitor monitor{
      .flags = in.u32le("flags"), .monitor_count = in.u32le("monitorCount"), .monitors = {}};
  while (in.ok() && monitor.monitors.size() < monitor.monitor_count &&
         monitor.monitors.size() < kMostMonitors) {
    const auto definition = read_monitor_def(in);
    if (in.ok()) { monitor.monitors.push_back(definition); }
  }
  return monitor;
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
