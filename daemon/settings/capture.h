#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "daemon/config/map.h"

namespace remora::settings {

/// How one interface is listened to.
struct Interface {
  std::string name;
  bool promiscuous{true};
  std::uint32_t snap_length{65535};              ///< bytes kept of a frame
  std::uint64_t ring{std::uint64_t{64} << 20U};  ///< bytes of the kernel's ring of frames
  std::chrono::milliseconds timeout{100};        ///< frames wait in the ring no longer
  std::string filter;                            ///< pcap-filter(7); empty: none
  bool operator==(const Interface&) const = default;
};

/// The section `capture`: what the daemon listens to.
struct Capture {
  Interface defaults;  ///< of interfaces that do not say otherwise; without a name
  std::vector<Interface> interfaces;
  /// The kernel hands on frames of these TCP and UDP ports only; empty: all frames, since sessions
  /// are recognised by content on any port.
  std::vector<std::uint16_t> fast_mode_ports;
  unsigned threads{1};
  /// How long frames of several interfaces wait for each other, so that they are read by time.
  std::chrono::milliseconds hold{200};
  bool operator==(const Capture&) const = default;
};

/// LIMIT: 64 interfaces, 32 ports, 64 threads, rings of 1 GiB.
[[nodiscard]] Capture read_capture(config::Map map);

}  // namespace remora::settings
