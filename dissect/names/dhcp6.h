#pragma once

#include "dissect/conversation/dissector.h"

namespace remora::names {

inline constexpr Port kDhcp6ClientPort{546};
inline constexpr Port kDhcp6ServerPort{547};

/// Ports 546 and 547 and a message type that there is.
[[nodiscard]] bool recognise_dhcp6(const Datagram& datagram);

/// Tells what a client calls itself, which addresses a server gave to it for how long, and which it
/// gave back or found taken.
void read_dhcp6(const Datagram& datagram, Findings& out);

}  // namespace remora::names
