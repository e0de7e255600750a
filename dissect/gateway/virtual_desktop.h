#pragma once

#include "capture/flow/stream.h"
#include "dissect/conversation/findings.h"

namespace remora::gateway {

/// Whether a flow's first segment is a TLS ClientHello for a gateway of Azure Virtual Desktop
/// (protocols-rdp.md 6.4): what goes through it cannot be told from other HTTPS but by the name.
void overhear_virtual_desktop(const Datagram& first_segment, Findings& out);

}  // namespace remora::gateway
