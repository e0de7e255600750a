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
  const Transport transport{quoted->protocol};
  if (transport != Transport::kTcp && transport != Transport::kUdp) { return std::nullopt; }
  const auto ports = FixedView<8>::of(quoted->payload);
  if (!ports.has_value()) { return std::nullopt; }

  IcmpError error{.reporter = ip.source,
                  .type = type,
                  .code = header->u8<1>(),
                  .ttl = ip.ttl,
                  .source = {quoted->source, Port{ports->u16be<0>()}},
                  .destination = {quoted->destination, Port{ports->u16be<2>()}},
                  .transport = transport,
                  .sequence = transport == Transport::kTcp ? ports->u32be<4>() : 0};
  if (is_v4 && type == kRedirect) { error.gateway = IpAddress::v4(header->bytes<4, 4>()); }
  return error;
}

}  // namespace remora::capture
