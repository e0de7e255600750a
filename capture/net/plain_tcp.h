#pragma once

#include "capture/base/frame.h"
#include "capture/net/packet.h"

namespace remora::capture {

/// Takes apart what most frames are: Ethernet II with IPv4 without options, whole, with TCP in it,
/// captured to its end; or the same inside VXLAN, as clouds and switches mirror it. False for any
/// other frame, which goes the long way; `out` is then as it was. The packet is the same that the
/// long way gives (a test holds them against each other).
[[nodiscard]] bool read_plain_tcp(const Frame& frame, Packet& out);

}  // namespace remora::capture
