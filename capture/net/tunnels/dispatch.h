#pragma once

#include <cstdint>
#include <optional>

#include "capture/net/tunnels/encapsulated.h"
#include "capture/net/udp.h"

namespace remora::capture {

/// Whether an IP protocol number names a tunnel that `read_ip_tunnel` reads.
[[nodiscard]] bool is_ip_tunnel(std::uint8_t protocol);

/// The tunnel directly above IP: IPv4, IPv6, GRE or L2TPv3. Empty when its header is cut short.
[[nodiscard]] std::optional<Encapsulated> read_ip_tunnel(std::uint8_t protocol, ByteView payload);

/// The tunnel that a UDP datagram is, by its ports and its content. Empty when it is none, or
/// cannot be told because the capture cut it. Costs two comparisons of ports for other datagrams.
[[nodiscard]] std::optional<Encapsulated> read_udp_tunnel(const UdpDatagram& udp);

}  // namespace remora::capture
