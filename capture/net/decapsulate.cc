#include "capture/net/decapsulate.h"

#include <algorithm>
#include <utility>

#include "capture/link/ethernet.h"
#include "capture/link/mpls.h"
#include "capture/net/checksum.h"
#include "capture/net/icmp.h"
#include "capture/net/ipv4.h"
#include "capture/net/ipv6.h"
#include "capture/net/plain_tcp.h"
#include "capture/net/tcp.h"
#include "capture/net/tunnels/dispatch.h"
#include "capture/net/udp.h"

namespace remora::capture {
namespace {

Unwrapped to_unwrapped(HeaderFault fault) {
  return fault == HeaderFault::kTruncated ? Unwrapped::kTruncated : Unwrapped::kBadHeader;
}

/// Why a header that does not say its length cannot be read.
Unwrapped cut_short(std::size_t captured_bytes, std::uint32_t wire_bytes) {
  return captured_bytes < wire_bytes ? Unwrapped::kTruncated : Unwrapped::kBadHeader;
}

bool is_ip(NetworkProtocol protocol) {
  return protocol == NetworkProtocol::kIpv4 || protocol == NetworkProtocol::kIpv6;
}

IpResult read_ip(NetworkProtocol protocol, ByteView bytes, std::uint32_t wire_bytes) {
  return protocol == NetworkProtocol::kIpv4 ? read_ipv4(bytes, wire_bytes)
                                            : read_ipv6(bytes, wire_bytes);
}

/// Whether a UDP datagram around what ended so is the better answer.
bool is_loss(Unwrapped kind) {
  return kind != Unwrapped::kPacket && kind != Unwrapped::kFragmentWaiting &&
         kind != Unwrapped::kIcmpError && kind != Unwrapped::kEchoRoute;
}

/// The finaliser of SplitMix64: the context is no secret, it only must not repeat by accident.
std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) + 0x9e3779b97f4a7c15U;
  hash = (hash ^ (hash >> 30U)) * 0xbf58476d1ce4e5b9U;
  hash = (hash ^ (hash >> 27U)) * 0x94d049bb133111ebU;
  return hash ^ (hash >> 31U);
}

std::uint64_t mix(std::uint64_t hash, const IpAddress& address) {
  hash = mix(hash, address.upper());
  return address.is_v4() ? hash : mix(hash, address.lower());
}

std::uint64_t mix(std::uint64_t hash, const LinkResult& link) {
  for (const auto id : link.vlans.ids()) { hash = mix(hash, id); }
  return mix(hash, link.circuit);
}

void write_tcp(const IpHeader& ip, const TcpSegment& tcp, Packet& out) {
  out.transport = Transport::kTcp;
  out.source_port = tcp.source;
  out.destination_port = tcp.destination;
  out.sequence = tcp.sequence;
  out.acknowledgement = tcp.acknowledgement;
  out.flags = tcp.flags;
  out.window = tcp.window;
  out.urgent = tcp.urgent;
  out.tcp_options = tcp.options;
  out.payload = tcp.payload;
  out.payload_wire_bytes = tcp.payload_wire_bytes;
  out.segment = ip.payload;
}

void write_udp(const UdpDatagram& udp, Packet& out) {
  out.transport = Transport::kUdp;
  out.source_port = udp.source;
  out.destination_port = udp.destination;
  out.sequence = 0;
  out.acknowledgement = 0;
  out.flags = TcpFlags{};
  out.window = 0;
  out.urgent = 0;
  out.tcp_options = {};
  out.payload = udp.payload;
  out.payload_wire_bytes = udp.payload_wire_bytes;
  out.segment = udp.bytes;
}

void write_network(const LinkResult& link, const IpHeader& ip, Packet& out) {
  out.source = ip.source;
  out.destination = ip.destination;
  out.ttl = ip.ttl;
  out.ip_options = ip.options;
  out.ip_header = ip.header;
  out.source_mac = link.source;
  out.destination_mac = link.destination;
  out.vlans = link.vlans;
}

}  // namespace

Unwrapped Decapsulator::next(const Frame& frame, Packet& out) {
  const auto kind = unwrap(frame, out);
  ++counts_.at(static_cast<std::size_t>(kind));
  return kind;
}

Unwrapped Decapsulator::unwrap(const Frame& frame, Packet& out) {
  joined_.clear();
  // The fast way looks at no checksum.
  if (!verify_headers_ && read_plain_tcp(frame, out)) { return Unwrapped::kPacket; }
  if (!is_supported(frame.link)) { return Unwrapped::kUnsupportedLink; }
  const auto captured = static_cast<std::uint32_t>(frame.bytes.size());
  const auto wire_bytes = std::max(frame.wire_bytes, captured);
  const auto link = read_link(frame.link, frame.bytes);
  if (!link.has_value()) { return cut_short(captured, wire_bytes); }

  out.at = frame.at;
  out.tunnels.clear();
  const auto link_bytes = captured - static_cast<std::uint32_t>(link->payload.size());
  Walk walk{.link = *link, .wire_bytes = wire_bytes - link_bytes, .frame_wire_bytes = wire_bytes};
  Step end;
  for (int layers = 0; layers < kMaxLayers && !end.has_value(); ++layers) {
    end = is_ip(walk.link.protocol) ? through_ip(walk, out) : through_link(walk);
  }
  const auto kind = end.value_or(Unwrapped::kTooDeep);
  if (!walk.fallback.has_value() || !is_loss(kind)) {
    out.wire_bytes = walk.frame_wire_bytes;
    out.fragmented = walk.fragmented;
    out.fragment_conflict = walk.fragment_conflict;
    return kind;
  }
  out.tunnels.keep_first(*walk.fallback);
  return Unwrapped::kPacket;
}

Decapsulator::Step Decapsulator::through_link(Walk& walk) {
  const auto outer = walk.link;
  std::optional<LinkResult> inner;
  switch (outer.protocol) {
    case NetworkProtocol::kMplsUnicast:
    case NetworkProtocol::kMplsMulticast:
      inner = read_mpls(outer);
      break;
    case NetworkProtocol::kEthernet:
      walk.context = mix(walk.context, outer);
      inner = read_ethernet(outer.payload);
      break;
    case NetworkProtocol::kNone:
    case NetworkProtocol::kIpv4:
    case NetworkProtocol::kIpv6:
      return Unwrapped::kNotIp;
  }
  if (!inner.has_value()) { return cut_short(outer.payload.size(), walk.wire_bytes); }
  walk.link = *inner;
  walk.wire_bytes -= static_cast<std::uint32_t>(outer.payload.size() - inner->payload.size());
  return std::nullopt;
}

Decapsulator::Step Decapsulator::through_ip(Walk& walk, Packet& out) {
  auto ip = read_ip(walk.link.protocol, walk.link.payload, walk.wire_bytes);
  if (!ip.has_value()) { return to_unwrapped(ip.error()); }
  if (verify_headers_ && !header_checksum_ok(walk.link.payload)) { return Unwrapped::kBadHeader; }
  // Every receiver drops such a datagram (RFC 1122 3.2.1.1). Inside a tunnel it may have been cut:
  // mirrors shorten what does not fit.
  if (out.tunnels.layers().empty() && ip->claimed_bytes > walk.wire_bytes) {
    return Unwrapped::kBadHeader;
  }
  if (ip->fragment.has_value()) {
    const auto end = join(walk, out.at.time, *ip);
    if (end.has_value()) { return end; }
  }
  switch (ip->protocol) {
    case static_cast<std::uint8_t>(Transport::kTcp): {
      const auto tcp = read_tcp(ip->payload, ip->payload_wire_bytes);
      if (!tcp.has_value()) { return to_unwrapped(tcp.error()); }
      write_network(walk.link, *ip, out);
      write_tcp(*ip, *tcp, out);
      return Unwrapped::kPacket;
    }
    case static_cast<std::uint8_t>(Transport::kUdp):
      return through_udp(walk, *ip, out);
    case kProtocolIcmp:
    case kProtocolIcmp6: {
      if (const auto error = read_icmp_error(*ip)) {
        icmp_error_ = *error;
        return Unwrapped::kIcmpError;
      }
      if (const auto route = read_echo_route(*ip)) {
        echo_route_ = *route;
        return Unwrapped::kEchoRoute;
      }
      return Unwrapped::kNotTcpUdp;
    }
    default:
      break;
  }
  if (!is_ip_tunnel(ip->protocol)) { return Unwrapped::kNotTcpUdp; }
  auto inner = read_ip_tunnel(ip->protocol, ip->payload);
  if (!inner.has_value()) { return cut_short(ip->payload.size(), ip->payload_wire_bytes); }
  if (ip->authenticated && inner->kind == TunnelKind::kIpInIp) { inner->kind = TunnelKind::kAh; }
  walk.link.payload = ip->payload;
  walk.wire_bytes = ip->payload_wire_bytes;
  return into_tunnel(walk, *ip, *inner, out);
}

Decapsulator::Step Decapsulator::through_udp(Walk& walk, const IpHeader& ip, Packet& out) {
  const auto udp = read_udp(ip.payload, ip.payload_wire_bytes);
  if (!udp.has_value()) { return to_unwrapped(udp.error()); }
  write_network(walk.link, ip, out);
  write_udp(*udp, out);
  const auto inner = read_udp_tunnel(*udp);
  if (!inner.has_value()) { return Unwrapped::kPacket; }
  out.wire_bytes = walk.frame_wire_bytes;
  out.fragmented = walk.fragmented;
  out.fragment_conflict = walk.fragment_conflict;
  walk.fallback = out.tunnels.layers().size();
  walk.link.payload = udp->payload;
  walk.wire_bytes = udp->payload_wire_bytes;
  return into_tunnel(walk, ip, *inner, out);
}

/// `walk` stands behind the header that announced the tunnel.
Decapsulator::Step Decapsulator::into_tunnel(Walk& walk, const IpHeader& ip,
                                             const Encapsulated& inner, Packet& out) {
  out.tunnels.add(
      {.kind = inner.kind, .source = ip.source, .destination = ip.destination, .id = inner.id});
  if (inner.ethertype == kNothingFollowed) { return Unwrapped::kNotTcpUdp; }
  walk.context = mix(mix(mix(walk.context, walk.link), ip.source), ip.destination);
  walk.context = mix(walk.context, (static_cast<std::uint64_t>(inner.kind) << 32U) | inner.id);

  const auto outer_bytes = walk.link.payload.size();
  auto content = walk.link;
  content.payload = inner.payload;
  content.circuit = 0;
  const auto link = read_after_ethertype(inner.ethertype, content);
  if (!link.has_value()) { return cut_short(outer_bytes, walk.wire_bytes); }
  walk.link = *link;
  walk.wire_bytes -= static_cast<std::uint32_t>(outer_bytes - link->payload.size());
  return std::nullopt;
}

Decapsulator::Step Decapsulator::join(Walk& walk, Moment time, IpHeader& ip) {
  if (ip.payload.size() < ip.payload_wire_bytes) { return Unwrapped::kTruncated; }
  const bool is_v4 = ip.source.is_v4();
  auto outcome = fragments_.add(ip, time, walk.frame_wire_bytes,
                                is_v4 ? Overlap::kFirstWins : Overlap::kDropDatagram,
                                mix(walk.context, walk.link));
  switch (outcome.verdict) {
    case FragmentTable::Verdict::kWaiting:
      return Unwrapped::kFragmentWaiting;
    case FragmentTable::Verdict::kDropped:
      return Unwrapped::kFragmentDropped;
    case FragmentTable::Verdict::kComplete:
      break;
  }
  const auto& whole = joined_.emplace_back(std::move(outcome));
  walk.frame_wire_bytes = whole.wire_bytes;
  walk.fragmented = true;
  walk.fragment_conflict = walk.fragment_conflict || whole.conflicting;
  ip.protocol = whole.protocol;
  ip.payload = whole.datagram;
  ip.payload_wire_bytes = static_cast<std::uint32_t>(whole.datagram.size());
  ip.options = whole.options;
  ip.header = {};
  const auto upper = is_v4 ? read_ipv4_reassembled(ip) : read_ipv6_reassembled(ip);
  if (!upper.has_value()) { return to_unwrapped(upper.error()); }
  ip = *upper;
  return std::nullopt;
}

}  // namespace remora::capture
