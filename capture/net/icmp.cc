#include "capture/net/icmp.h"

#include "capture/base/fixed_view.h"
#include "capture/net/ipv4.h"
#include "capture/net/ipv6.h"

namespace remora::capture {
namespace {

constexpr std::size_t kHeaderBytes = 8;
constexpr std::uint8_t kRedirect = 5;

bool is_error(std::uint8_t type) {
  switch (type) {
    case 3:  // destination unreachable
    case 4:  // source quench
    case kRedirect:
    case 11:  // time exceeded
    case 12:  // parameter problem
      return true;
    default:
      return false;
  }
}

bool is_error_6(std::uint8_t type) {
  return type >= 1 && type <= 4;
}

/// An echo request or its reply.
bool is_echo(std::uint8_t protocol, std::uint8_t type) {
  return (protocol == kProtocolIcmp && (type == 8 || type == 0)) ||
         (protocol == kProtocolIcmp6 && (type == 128 || type == 129));
}

/// The quoted packet up to its transport header. Cut behind that: its own length is believed.
IpResult read_quoted(bool is_v4, ByteView quoted) {
  const auto captured = static_cast<std::uint32_t>(quoted.size());
  auto ip = is_v4 ? read_ipv4(quoted, captured) : read_ipv6(quoted, captured);
  if (!ip.has_value() || !ip->fragment.has_value()) { return ip; }
  if (ip->fragment->offset_bytes != 0) { return tl::unexpected{HeaderFault::kTruncated}; }
  return is_v4 ? read_ipv4_reassembled(*ip) : read_ipv6_reassembled(*ip);
}

}  // namespace

// |     Type      |     Code      |          Checksum             |
// |     unused, gateway address, next-hop MTU or pointer          |
// |     IP header and at least 8 bytes of the packet              |
std::optional<IcmpError> read_icmp_error(const IpHeader& ip) {
  const bool is_v4 = ip.protocol == kProtocolIcmp;
  const auto header = FixedView<kHeaderBytes>::of(ip.payload);
  if (!header.has_value()) { return std::nullopt; }
  const auto type = header->u8<0>();
  if (!(is_v4 ? is_error(type) : is_error_6(type))) { return std::nullopt; }
  const auto quoted = read_quoted(is_v4, ip.payload.subspan(kHeaderBytes));
  if (!quoted.has_value()) { return std::nullopt; }
  const auto start = FixedView<8>::of(quoted->payload);
  if (!start.has_value()) { return std::nullopt; }
  const Transport transport{quoted->protocol};
  const bool has_ports = transport == Transport::kTcp || transport == Transport::kUdp;
  if (!has_ports && !is_echo(quoted->protocol, start->u8<0>())) { return std::nullopt; }

  IcmpError error{.reporter = ip.source,
                  .type = type,
                  .code = header->u8<1>(),
                  .ttl = ip.ttl,
                  .source = {quoted->source, {}},
                  .destination = {quoted->destination, {}}};
  if (has_ports) {
    error.transport = transport;
    error.source.port = Port{start->u16be<0>()};
    error.destination.port = Port{start->u16be<2>()};
    if (transport == Transport::kTcp) { error.sequence = start->u32be<4>(); }
  }
  if (is_v4 && type == kRedirect) { error.gateway = IpAddress::v4(header->bytes<4, 4>()); }
  return error;
}

}  // namespace remora::capture
