#pragma once

#include "dissect/conversation/family.h"

namespace remora::names {

/// The naming services, each a family that says what addresses are called.
[[nodiscard]] Family dns_family();    ///< "dns": UDP port 53, and TCP by content
[[nodiscard]] Family mdns_family();   ///< "mdns": UDP port 5353
[[nodiscard]] Family llmnr_family();  ///< "llmnr": UDP port 5355
[[nodiscard]] Family nbns_family();   ///< "nbns": UDP port 137
[[nodiscard]] Family dhcp4_family();  ///< "dhcp": UDP ports 67 and 68
[[nodiscard]] Family dhcp6_family();  ///< "dhcpv6": UDP ports 546 and 547
/// "tls-server-name": overhears ClientHellos on any TCP flow; the flow stays whoever's it is.
[[nodiscard]] Family server_name_family();

}  // namespace remora::names
