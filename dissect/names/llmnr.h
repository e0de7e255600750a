#pragma once

#include "dissect/conversation/dissector.h"

namespace remora::names {

inline constexpr Port kLlmnrPort{5355};

/// Port 5355 and the shape of a message, RFC 4795 2.1.
[[nodiscard]] bool recognise_llmnr(const Datagram& datagram);

/// Tells what a response says to the machine that asked: that its sender has the name in the
/// question. The question went to a multicast group and so belongs to another flow.
void read_llmnr(const Datagram& datagram, Findings& out);

}  // namespace remora::names
