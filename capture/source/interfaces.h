#pragma once

#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "capture/base/address.h"

namespace remora::capture {

/// A network interface that libpcap can capture on.
struct Interface {
  std::string name;
  std::string description;
  std::vector<IpAddress> addresses;
  bool up{false};
};

/// Fails with libpcap's words.
[[nodiscard]] tl::expected<std::vector<Interface>, std::string> list_interfaces();

/// "libpcap version 1.10.3 (with TPACKET_V3)"
[[nodiscard]] std::string libpcap_version();

}  // namespace remora::capture
