#pragma once

#include <cstdint>
#include <optional>

#include "capture/net/tunnels/encapsulated.h"

namespace remora::capture {

/// LIMIT: extension headers of one GTP-U packet; a longer chain is no GTP-U.
inline constexpr int kMaxGtpExtensionHeaders = 8;

/// A G-PDU of GTP-U version 1, 3GPP TS 29.281 5.1 and 5.2, with an IP packet in it. Empty when it
/// is cut short or something else, also when its length is not within `wire_bytes`, the datagram's
/// payload on the wire. The id is the tunnel endpoint (TEID).
[[nodiscard]] std::optional<Encapsulated> read_gtp_u(ByteView datagram, std::uint32_t wire_bytes);

}  // namespace remora::capture
