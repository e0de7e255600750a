#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "capture/base/frame.h"

namespace remora::capture {

/// LIMIT: ports of a fast filter. libpcap needs 0.1 s to compile so many, and time goes with their
/// cube; with a hundred the kernel, which takes 4096 steps (BPF_MAXINSNS), would refuse it.
inline constexpr std::size_t kMostPorts = 32;

/// A pcap-filter(7) expression by which the kernel passes on only TCP and UDP from or to `ports`,
/// the first `kMostPorts` of them (whoever reads a configuration refuses more): plain, and on
/// Ethernet in one or two VLAN tags (three where the card or the kernel takes the outermost off).
/// With them go all later fragments of IPv4, which have no ports, and all of IPv6 with a fragment
/// header or options before the transport.
///
/// It blinds Remora to what it else finds by content: RDP and Remote Assistance on other ports
/// (ports of offers over DCOM and of the novice are chosen anew each time), tickets in mail, web,
/// file and messenger traffic, names (DNS, DHCP, NetBIOS, Kerberos) and what else is told by other
/// protocols, unless their ports are given; and to everything in tunnels (GRE, ERSPAN, VXLAN,
/// Geneve, IP in IP, unless the tunnel's own port is given), in MPLS, PPPoE and 802.1ah, and in
/// more tags. Data connections of FTP are not seen. Counts of frames are of what passed.
[[nodiscard]] std::string fast_filter(std::span<const std::uint16_t> ports,
                                      LinkType link = LinkType::kEthernet);

}  // namespace remora::capture
