#pragma once

#include "capture/net/ip.h"

namespace remora::capture {

/// LIMIT: Authentication Headers of one datagram; a chain with more is a bad header.
inline constexpr int kMaxAuthenticationHeaders = 4;

/// IPv4, RFC 791 3.1. `wire_bytes` is what the link carried from here on, which may be more than
/// was captured. A total length of 0 is what a sender's card with segmentation offload leaves in a
/// capture: it means all of `wire_bytes`. A total length beyond `wire_bytes` is believed: tools
/// that cut frames often forget the original length. Steps over Authentication Headers (RFC 4302 2)
/// of a whole datagram.
[[nodiscard]] IpResult read_ipv4(ByteView bytes, std::uint32_t wire_bytes);

/// Goes on once a fragmented datagram is whole: `ip.protocol` and `ip.payload` are those of all of
/// it.
[[nodiscard]] IpResult read_ipv4_reassembled(const IpHeader& ip);

}  // namespace remora::capture
