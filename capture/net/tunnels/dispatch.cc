#include "capture/net/tunnels/dispatch.h"

#include "capture/link/ethernet.h"
#include "capture/net/tunnels/geneve.h"
#include "capture/net/tunnels/gre.h"
#include "capture/net/tunnels/gtp_u.h"
#include "capture/net/tunnels/l2tp.h"
#include "capture/net/tunnels/teredo.h"
#include "capture/net/tunnels/vxlan.h"

namespace remora::capture {
namespace {

/// Protocol numbers (IANA).
constexpr std::uint8_t kIpv4InIp = 4;
constexpr std::uint8_t kIpv6InIp = 41;
constexpr std::uint8_t kGre = 47;
constexpr std::uint8_t kL2tp3 = 115;

/// Service names and port numbers (IANA), but for Linux's VXLAN before it had one.
constexpr std::uint16_t kL2tpPort = 1701;
constexpr std::uint16_t kGtpUPort = 2152;
constexpr std::uint16_t kTeredoPort = 3544;
constexpr std::uint16_t kGreInUdpPort = 4754;
constexpr std::uint16_t kVxlanPort = 4789;
constexpr std::uint16_t kVxlanGpePort = 4790;
constexpr std::uint16_t kGenevePort = 6081;
constexpr std::uint16_t kMplsInUdpPort = 6635;
constexpr std::uint16_t kVxlanLegacyPort = 8472;

/// MPLS in UDP, RFC 7510 3. `read_mpls` looks at the labels; one must be there.
std::optional<Encapsulated> read_mpls_in_udp(ByteView datagram) {
  if (datagram.size() < 4) { return std::nullopt; }
  return Encapsulated{
      .kind = TunnelKind::kMplsInUdp, .ethertype = kEtherTypeMpls, .payload = datagram};
}

std::optional<Encapsulated> read_by_port(std::uint16_t port, const UdpDatagram& udp) {
  switch (port) {
    case kL2tpPort:
      return read_l2tp(udp.payload);
    case kGtpUPort:
      return read_gtp_u(udp.payload, udp.payload_wire_bytes);
    case kTeredoPort:
      return read_teredo(udp.payload, udp.payload_wire_bytes);
    case kGreInUdpPort:
      return read_gre(udp.payload);  // RFC 8086 3
    case kVxlanPort:
    case kVxlanLegacyPort:
      return read_vxlan(udp.payload);
    case kVxlanGpePort:
      return read_vxlan_gpe(udp.payload);
    case kGenevePort:
      return read_geneve(udp.payload);
    case kMplsInUdpPort:
      return read_mpls_in_udp(udp.payload);
    default:
      return std::nullopt;
  }
}

}  // namespace

bool is_ip_tunnel(std::uint8_t protocol) {
  return protocol == kIpv4InIp || protocol == kIpv6InIp || protocol == kGre || protocol == kL2tp3;
}

std::optional<Encapsulated> read_ip_tunnel(std::uint8_t protocol, ByteView payload) {
  switch (protocol) {
    case kIpv4InIp:  // RFC 2003, RFC 2473
      return Encapsulated{
          .kind = TunnelKind::kIpInIp, .ethertype = kEtherTypeIpv4, .payload = payload};
    case kIpv6InIp:  // RFC 4213 3, RFC 2473
      return Encapsulated{
          .kind = TunnelKind::kIpInIp, .ethertype = kEtherTypeIpv6, .payload = payload};
    case kGre:
      return read_gre(payload);
    case kL2tp3:
      return read_l2tp3(payload);
    default:
      return std::nullopt;
  }
}

std::optional<Encapsulated> read_udp_tunnel(const UdpDatagram& udp) {
  auto found = read_by_port(to_number(udp.destination), udp);
  // Teredo, GTP-U and L2TP answer from their port.
  if (!found.has_value()) { found = read_by_port(to_number(udp.source), udp); }
  // Peers and relays talk to the ports that routers made of Teredo's.
  return found.has_value() ? found : read_teredo_elsewhere(udp.payload, udp.payload_wire_bytes);
}

}  // namespace remora::capture
