#pragma once

#include <optional>

#include "capture/net/tunnels/encapsulated.h"

namespace remora::capture {

/// Each is empty when the datagram is cut short or is something else; the id is the network (VNI).

/// VXLAN, RFC 7348 5; also with the group policy extension (draft-smith-vxlan-group-policy). One
/// with GPE's bit for a next protocol is read as GPE.
[[nodiscard]] std::optional<Encapsulated> read_vxlan(ByteView datagram);

/// VXLAN-GPE, draft-ietf-nvo3-vxlan-gpe 3. Its next protocol may be IPv4, IPv6, Ethernet or MPLS.
[[nodiscard]] std::optional<Encapsulated> read_vxlan_gpe(ByteView datagram);

}  // namespace remora::capture
