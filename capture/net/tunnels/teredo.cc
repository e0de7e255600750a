#include "capture/net/tunnels/teredo.h"

#include "capture/base/fixed_view.h"
#include "capture/link/ethernet.h"

namespace remora::capture {
namespace {

constexpr std::uint16_t kOrigin = 0x0000;
constexpr std::uint16_t kAuthentication = 0x0001;
constexpr std::size_t kOriginBytes = 8;
constexpr std::size_t kAuthenticationBytes = 13;  // without client identifier and value
constexpr std::size_t kIpv6Bytes = 40;
constexpr std::uint32_t kTeredoPrefix = 0x20010000;  // 2001::/32, RFC 4380 2.6

/// |  00 01  |  ID-len (1)  |  AU-len (1)  |  identifier  |  value  |  nonce (8)  |  confirmation
/// (1)
std::size_t authentication_bytes(ByteView bytes) {
  const auto header = FixedView<4>::of(bytes);
  if (!header.has_value() || header->u16be<0>() != kAuthentication) { return 0; }
  return kAuthenticationBytes + header->u8<2>() + header->u8<3>();
}

/// |  00 00  |  port, inverted (2)  |  IPv4 address, inverted (4)  |
std::size_t origin_bytes(ByteView bytes) {
  const auto header = FixedView<2>::of(bytes);
  return header.has_value() && header->u16be<0>() == kOrigin ? kOriginBytes : 0;
}

}  // namespace

std::optional<Encapsulated> read_teredo_elsewhere(ByteView datagram, std::uint32_t wire_bytes) {
  const auto ipv6 = FixedView<kIpv6Bytes>::of(datagram);
  const bool fits = ipv6.has_value() && ipv6->u8<0>() >> 4U == 6 &&
                    kIpv6Bytes + ipv6->u16be<4>() == wire_bytes &&
                    (ipv6->u32be<8>() == kTeredoPrefix || ipv6->u32be<24>() == kTeredoPrefix);
  if (!fits) { return std::nullopt; }
  return Encapsulated{
      .kind = TunnelKind::kTeredo, .ethertype = kEtherTypeIpv6, .payload = datagram};
}

std::optional<Encapsulated> read_teredo(ByteView datagram, std::uint32_t wire_bytes) {
  auto packet = datagram;
  for (const auto skip : {&authentication_bytes, &origin_bytes}) {
    const auto size = skip(packet);
    if (size > packet.size()) { return std::nullopt; }
    packet = packet.subspan(size);
  }
  const auto ipv6 = FixedView<kIpv6Bytes>::of(packet);
  const auto left_bytes = wire_bytes - (datagram.size() - packet.size());
  if (!ipv6.has_value() || ipv6->u8<0>() >> 4U != 6 || kIpv6Bytes + ipv6->u16be<4>() > left_bytes) {
    return std::nullopt;
  }
  return Encapsulated{.kind = TunnelKind::kTeredo, .ethertype = kEtherTypeIpv6, .payload = packet};
}

}  // namespace remora::capture
