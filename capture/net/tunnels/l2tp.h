#pragma once

#include <cstdint>
#include <optional>

#include "capture/net/tunnels/encapsulated.h"

namespace remora::capture {

/// L2TP over UDP: version 2, RFC 2661 3.1, with PPP in it, or version 3, RFC 3931 4.1.2. Empty when
/// it is cut short or something else; control messages carry nothing that is followed. In version 2
/// the id is the tunnel (upper 16 bits) and the session (lower), in version 3 the session.
[[nodiscard]] std::optional<Encapsulated> read_l2tp(ByteView datagram);

/// L2TPv3 over IP, RFC 3931 4.1.1. Empty when it is cut short.
///
/// What a session carries, and the lengths of its cookie and sublayer, are said only when it is set
/// up: here the content tells. Where no Ethernet or PPP frame and no IP packet is found at one of
/// the four possible places, nothing is followed.
[[nodiscard]] std::optional<Encapsulated> read_l2tp3(ByteView bytes);

}  // namespace remora::capture
