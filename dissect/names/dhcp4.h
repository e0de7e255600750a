#pragma once

#include "dissect/conversation/dissector.h"

namespace remora::names {

inline constexpr Port kDhcpServerPort{67};
inline constexpr Port kDhcpClientPort{68};

/// Ports 67 and 68 and a DHCP message's cookie.
[[nodiscard]] bool recognise_dhcp4(const Datagram& datagram);

/// Tells what a client calls itself (DISCOVER, REQUEST), which address a server gave away (ACK) and
/// which is no longer held (RELEASE, DECLINE). A machine that has its address already, and says so
/// from there (a renewal, INFORM), is named at once.
void read_dhcp4(const Datagram& datagram, Findings& out);

}  // namespace remora::names
