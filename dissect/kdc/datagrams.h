#pragma once

#include "capture/flow/stream.h"
#include "dissect/conversation/findings.h"

namespace remora::kdc {

/// One whole message in one datagram, RFC 4120 7.2.1, port 88 at one end: the tag alone would be
/// too weak a mark.
[[nodiscard]] bool recognise_datagram(const Datagram& datagram);

/// Observes NameLearned of the client's machine and AccountSeen. Keeps nothing.
void read_datagram(const Datagram& datagram, Findings& out);

}  // namespace remora::kdc
