#pragma once

#include "dissect/conversation/dissector.h"

namespace remora::names {

inline constexpr Port kMdnsPort{5353};

/// Port 5353 and the shape of a message, RFC 6762 18.
[[nodiscard]] bool recognise_mdns(const Datagram& datagram);

/// Tells what a machine says of itself: the addresses that a response gives for a name of .local,
/// provided that the sender's own address is among them (or is the link-local one of the same
/// interface). A time to live of 0 is a goodbye, RFC 6762 10.1.
void read_mdns(const Datagram& datagram, Findings& out);

}  // namespace remora::names
