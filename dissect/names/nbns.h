#pragma once

#include "dissect/conversation/dissector.h"

namespace remora::names {

inline constexpr Port kNbnsPort{137};

/// Port 137 and the shape of a message, RFC 1002 4.2.
[[nodiscard]] bool recognise_nbns(const Datagram& datagram);

/// Tells what a response says to the machine that asked for a name (4.2.13), and what a machine
/// says of its own address: registrations and refreshes (4.2.2, 4.2.4), a release (4.2.9; as a time
/// to live of 0), and its node status (4.2.18). Names of groups, domains and services are none.
void read_nbns(const Datagram& datagram, Findings& out);

}  // namespace remora::names
