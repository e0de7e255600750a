#include "capture/net/decapsulate.h"

#include <algorithm>

#include "capture/link/link_layer.h"
#include "capture/net/ipv4.h"
#include "capture/net/ipv6.h"
#include "capture/net/tcp.h"
#include "capture/net/udp.h"

namespace remora::capture {
namespace {

Unwrapped to_unwrapped(HeaderFault fault) {
  return fault == HeaderFault::kTruncated ? Unwrapped::kTruncated : Unwrapped::kBadHeader;
}

IpResult read_ip(NetworkProtocol protocol, ByteView bytes, std::uint32_t wire_bytes) {
  return protocol == NetworkProtocol::kIpv4 ? read_ipv4(bytes, wire_bytes)
                                            : read_ipv6(bytes, wire_bytes);
}

Unwrapped read_transport(const IpHeader& ip, Packet& out) {
  switch (Transport{ip.protocol}) {
    case Transport::kTcp: {
      const auto tcp = read_tcp(ip.payload, ip.payload_wire_bytes);
      if (!tcp.has_value()) { return to_unwrapped(tcp.error()); }
      out.transport = Transport::kTcp;
      out.source_port = tcp->source;
      out.destination_port = tcp->destination;
      out.sequence = tcp->sequence;
      out.acknowledgement = tcp->acknowledgement;
      out.flags = tcp->flags;
      out.window = tcp->window;
      out.payload = tcp->payload;
      out.payload_wire_bytes = tcp->payload_wire_bytes;
      return Unwrapped::kPacket;
    }
    case Transport::kUdp: {
      const auto udp = read_udp(ip.payload, ip.payload_wire_bytes);
      if (!udp.has_value()) { return to_unwrapped(udp.error()); }
      out.transport = Transport::kUdp;
      out.source_port = udp->source;
      out.destination_port = udp->destination;
      out.sequence = 0;
      out.acknowledgement = 0;
      out.flags = TcpFlags{};
      out.window = 0;
      out.payload = udp->payload;
      out.payload_wire_bytes = udp->payload_wire_bytes;
      return Unwrapped::kPacket;
    }
  }
  return Unwrapped::kNotTcpUdp;
}

}  // namespace

Unwrapped Decapsulator::next(const Frame& frame, Packet& out) {
  const auto kind = unwrap(frame, out);
  ++counts_.at(static_cast<std::size_t>(kind));
  return kind;
}

Unwrapped Decapsulator::unwrap(const Frame& frame, Packet& out) {
  if (!is_supported(frame.link)) { return Unwrapped::kUnsupportedLink; }
  const auto captured = static_cast<std::uint32_t>(frame.bytes.size());
  const auto wire_bytes = std::max(frame.wire_bytes, captured);
  const auto link = read_link(frame.link, frame.bytes);
  if (!link.has_value()) {
    return captured < wire_bytes ? Unwrapped::kTruncated : Unwrapped::kBadHeader;
  }
  if (link->protocol != NetworkProtocol::kIpv4 && link->protocol != NetworkProtocol::kIpv6) {
    return Unwrapped::kNotIp;
  }
  const auto link_bytes = captured - static_cast<std::uint32_t>(link->payload.size());
  auto ip = read_ip(link->protocol, link->payload, wire_bytes - link_bytes);
  if (!ip.has_value()) { return to_unwrapped(ip.error()); }

  out.at = frame.at;
  out.wire_bytes = wire_bytes;
  out.source = ip->source;
  out.destination = ip->destination;
  out.ttl = ip->ttl;
  out.source_mac = link->source;
  out.destination_mac = link->destination;
  out.vlans = link->vlans;
  return ip->fragment.has_value() ? join(*ip, out) : read_transport(*ip, out);
}

Unwrapped Decapsulator::join(const IpHeader& fragment, Packet& out) {
  if (fragment.payload.size() < fragment.payload_wire_bytes) { return Unwrapped::kTruncated; }
  const bool is_v4 = fragment.source.is_v4();
  const auto outcome = fragments_.add(fragment, out.at.time, out.wire_bytes,
                                      is_v4 ? Overlap::kFirstWins : Overlap::kDropDatagram);
  switch (outcome.verdict) {
    case FragmentTable::Verdict::kWaiting:
      return Unwrapped::kFragmentWaiting;
    case FragmentTable::Verdict::kDropped:
      return Unwrapped::kFragmentDropped;
    case FragmentTable::Verdict::kComplete:
      break;
  }
  auto whole = fragment;
  whole.fragment.reset();
  whole.protocol = outcome.protocol;
  whole.payload = outcome.datagram;
  whole.payload_wire_bytes = static_cast<std::uint32_t>(outcome.datagram.size());
  out.wire_bytes = outcome.wire_bytes;
  if (is_v4) { return read_transport(whole, out); }
  const auto upper = read_ipv6_reassembled(whole);
  return upper.has_value() ? read_transport(*upper, out) : to_unwrapped(upper.error());
}

}  // namespace remora::capture
