#include "capture/net/tunnels/vxlan.h"

#include "capture/base/fixed_view.h"
#include "capture/link/ethernet.h"

namespace remora::capture {
namespace {

constexpr std::size_t kHeaderBytes = 8;
constexpr std::uint8_t kNetworkIsValid = 0x08;
constexpr std::uint8_t kGroupPolicy = 0x80;
constexpr std::uint8_t kNextProtocol = 0x04;
constexpr std::uint8_t kBroadcast = 0x02;

/// draft-ietf-nvo3-vxlan-gpe 3.2
std::uint16_t to_ethertype(std::uint8_t next_protocol) {
  switch (next_protocol) {
    case 1:
      return kEtherTypeIpv4;
    case 2:
      return kEtherTypeIpv6;
    case 3:
      return kEtherTypeBridged;
    case 5:
      return kEtherTypeMpls;
    default:
      return kNothingFollowed;
  }
}

}  // namespace

// |R|R|R|R|I|R|R|R|            Reserved                           |
// |                VXLAN Network Identifier (VNI) |   Reserved    |
std::optional<Encapsulated> read_vxlan(ByteView datagram) {
  const auto header = FixedView<kHeaderBytes>::of(datagram);
  if (!header.has_value()) { return std::nullopt; }
  // A next protocol is named by VXLAN-GPE only; Linux sends that from the older port as well.
  if ((header->u8<0>() & kNextProtocol) != 0) { return read_vxlan_gpe(datagram); }
  const auto flags = header->u8<0>() & ~std::uint32_t{kGroupPolicy};
  // Reserved flags are sent as 0 and tell VXLAN from other users of the port. The last byte some
  // senders use for themselves (RFC 7348 5: ignored); nothing is lost where no frame can be read.
  if (flags != kNetworkIsValid) { return std::nullopt; }
  return Encapsulated{.kind = TunnelKind::kVxlan,
                      .id = header->u32be<4>() >> 8U,
                      .ethertype = kEtherTypeBridged,
                      .payload = datagram.subspan(kHeaderBytes)};
}

// |R|R|Ver|I|P|B|O|       Reserved                |Next Protocol  |
// |                VXLAN Network Identifier (VNI) |   Reserved    |
std::optional<Encapsulated> read_vxlan_gpe(ByteView datagram) {
  const auto header = FixedView<kHeaderBytes>::of(datagram);
  if (!header.has_value()) { return std::nullopt; }
  const auto flags = header->u8<0>() & ~std::uint32_t{kBroadcast};
  if ((flags & ~std::uint32_t{kNextProtocol}) != kNetworkIsValid) { return std::nullopt; }
  return Encapsulated{
      .kind = TunnelKind::kVxlanGpe,
      .id = header->u32be<4>() >> 8U,
      .ethertype = (flags & kNextProtocol) != 0 ? to_ethertype(header->u8<3>()) : kEtherTypeBridged,
      .payload = datagram.subspan(kHeaderBytes)};
}

}  // namespace remora::capture
