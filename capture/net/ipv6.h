#pragma once

#include "capture/net/ip.h"

namespace remora::capture {

/// LIMIT: extension headers of one datagram; a chain with more is a bad header.
inline constexpr int kMaxExtensionHeaders = 16;

/// IPv6 and its extension headers, RFC 8200 3 and 4, up to the upper layer or to a Fragment header
/// of a datagram in several fragments (one that is first and last at once is whole, RFC 6946).
/// `wire_bytes` is what the link carried from here on. A payload length of 0 (jumbograms, also
/// those of a sender's segmentation offload) means all of `wire_bytes`.
[[nodiscard]] IpResult read_ipv6(ByteView bytes, std::uint32_t wire_bytes);

/// Goes on behind a Fragment header once the datagram is whole: `ip.protocol` and `ip.payload` are
/// those of the reassembled part. Another Fragment header in it is a bad header.
[[nodiscard]] IpResult read_ipv6_reassembled(const IpHeader& ip);

}  // namespace remora::capture
