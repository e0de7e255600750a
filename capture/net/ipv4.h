#pragma once

#include "capture/net/ip.h"

namespace remora::capture {

/// IPv4, RFC 791 3.1. `wire_bytes` is what the link carried from here on, which may be more than
/// was captured. A total length of 0 is what a sender's card with segmentation offload leaves in a
/// capture: it means all of `wire_bytes`. A total length beyond `wire_bytes` is believed: tools
/// that cut frames often forget the original length.
[[nodiscard]] IpResult read_ipv4(ByteView bytes, std::uint32_t wire_bytes);

}  // namespace remora::capture
