#pragma once

#include <optional>

#include "capture/net/packet.h"

namespace remora::capture {

/// Whether the TCP or UDP checksum is right for the packet's addresses and `segment` (RFC 9293 3.1,
/// RFC 768, RFC 8200 8.1). Empty where that cannot be said: the segment was not captured whole, or
/// UDP bears no checksum (0; in IPv6 only tunnels may, RFC 6935).
///
/// False is no proof of damage: the sender's own card fills checksums in behind the capture point.
/// Costs one addition for each 8 bytes of the segment.
[[nodiscard]] std::optional<bool> transport_checksum_ok(const Packet& packet);

/// Whether the header checksum of the IPv4 datagram at the start of `datagram` is right. True where
/// there is no IPv4 header, or not all of it.
[[nodiscard]] bool header_checksum_ok(ByteView datagram);

}  // namespace remora::capture
