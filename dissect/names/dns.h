#pragma once

#include "dissect/conversation/dissector.h"

namespace remora::names {

inline constexpr Port kDnsPort{53};

/// Port 53 and the shape of a message with one question, asked or answered.
[[nodiscard]] bool recognise_dns_datagram(const Datagram& datagram);

/// Tells what an answer says to the machine that gets it; only where a question was seen before.
void read_dns_datagram(const Datagram& datagram, Findings& out);

}  // namespace remora::names
