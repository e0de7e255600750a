#include "dissect/rdp/gcc/client_settings.h"

#include <cstddef>
#include <cstdint>

namespace remora::rdp {
namespace {

void add_core(const ClientCore& core, observation::ClientSettings& settings) {
  settings.version = core.version;
  settings.desktop_width = core.desktop_width;
  settings.desktop_height = core.desktop_height;
  settings.color_depth = bits_per_pixel(core);
  settings.sas_sequence = core.sas_sequence;
  settings.keyboard_layout = core.keyboard_layout;
  settings.client_build = core.client_build;
  settings.client_name = core.client_name;
  settings.keyboard_type = core.keyboard_type;
  settings.keyboard_subtype = core.keyboard_sub_type;
  settings.keyboard_function_keys = core.keyboard_function_key;
  settings.ime_file_name = core.ime_file_name;
  settings.serial_number = core.serial_number;
  settings.supported_color_depths = core.supported_color_depths;
  settings.early_capability_flags = core.early_capability_flags;
  settings.digital_product_id = core.client_dig_product_id;
  settings.client_product_id = core.client_product_id;
  settings.connection_type = core.connection_type;
  settings.server_selected_protocol = core.server_selected_protocol;
  settings.desktop_physical_width = core.desktop_physical_width;
  settings.desktop_physical_height = core.desktop_physical_height;
  settings.desktop_orientation = core.desktop_orientation;
  settings.desktop_scale_factor = core.desktop_scale_factor;
  settings.device_scale_factor = core.device_scale_factor;
}

void add_channels(const ClientNetwork& network, observation::ClientSettings& settings) {
  for (const auto& channel : network.channels) {
    settings.channels.push_back({.name = channel.name, .options = channel.options});
  }
}

/// Values that 2.2.1.3.10.1 says to ignore are left out.
void add_attributes(const MonitorAttributes& attributes, observation::Monitor& monitor) {
  const auto is_size = [](std::uint32_t mm) { return mm >= 10 && mm <= 10'000; };
  if (is_size(attributes.physical_width) && is_size(attributes.physical_height)) {
    monitor.physical_width = attributes.physical_width;
    monitor.physical_height = attributes.physical_height;
  }
  if (attributes.orientation <= 270 && attributes.orientation % 90 == 0) {
    monitor.orientation = attributes.orientation;
  }
  const auto desktop = attributes.desktop_scale_factor;
  const auto device = attributes.device_scale_factor;
  if (desktop >= 100 && desktop <= 500 && (device == 100 || device == 140 || device == 180)) {
    monitor.desktop_scale_factor = desktop;
    monitor.device_scale_factor = device;
  }
}

void add_monitors(const ClientBlocks& blocks, observation::ClientSettings& settings) {
  for (const auto& definition : blocks.monitor->monitors) {
    settings.monitors.push_back(to_monitor(definition));
  }
  // 2.2.1.3.10: as many, in the same order; else nobody knows whose they are.
  if (!blocks.monitor_ex || blocks.monitor_ex->monitors.size() != settings.monitors.size()) {
    return;
  }
  for (std::size_t i = 0; i < settings.monitors.size(); ++i) {
    add_attributes(blocks.monitor_ex->monitors[i], settings.monitors[i]);
  }
}

}  // namespace

observation::ClientSettings to_client_settings(const ClientBlocks& blocks) {
  observation::ClientSettings settings;
  if (blocks.core) { add_core(*blocks.core, settings); }
  if (blocks.security) {
    settings.encryption_methods = blocks.security->encryption_methods;
    settings.ext_encryption_methods = blocks.security->ext_encryption_methods;
  }
  if (blocks.network) { add_channels(*blocks.network, settings); }
  if (blocks.cluster) {
    settings.cluster_flags = blocks.cluster->flags.raw();
    settings.redirected_session_id = blocks.cluster->redirected_session_id;
  }
  if (blocks.monitor) { add_monitors(blocks, settings); }
  if (blocks.multitransport) { settings.multitransport_flags = blocks.multitransport->flags; }
  return settings;
}

}  // namespace remora::rdp
