#include "capture/net/tunnels/l2tp.h"

#include <algorithm>
#include <array>

#include "capture/base/fixed_view.h"
#include "capture/link/ethernet.h"

namespace remora::capture {
namespace {

/// Bits of the first two bytes, RFC 2661 3.1.
constexpr std::uint16_t kControl = 0x8000;
constexpr std::uint16_t kLength = 0x4000;
constexpr std::uint16_t kSequence = 0x0800;
constexpr std::uint16_t kOffset = 0x0200;
constexpr std::uint16_t kReserved = 0x34f0;
constexpr std::uint16_t kVersionMask = 0x000f;

/// Takes two bytes off the front of `rest`.
std::optional<std::uint16_t> take_u16(ByteView& rest) {
  const auto field = FixedView<2>::of(rest);
  if (!field.has_value()) { return std::nullopt; }
  rest = rest.subspan(2);
  return field->u16be<0>();
}

// |T|L|x|x|S|x|O|P|x|x|x|x|  Ver  |          Length (opt)         |
// |           Tunnel ID           |           Session ID          |
// |             Ns (opt)          |             Nr (opt)          |
// |      Offset Size (opt)        |    Offset pad... (opt)
std::optional<Encapsulated> read_version_2(std::uint16_t flags, ByteView datagram) {
  auto rest = datagram.subspan(2);
  if ((flags & kLength) != 0) {
    const auto length = take_u16(rest);
    if (!length.has_value() || *length < datagram.size() - rest.size()) { return std::nullopt; }
    rest = rest.first(std::min(rest.size(), *length - (datagram.size() - rest.size())));
  }
  const auto ids = FixedView<4>::of(rest);
  if (!ids.has_value()) { return std::nullopt; }
  rest = rest.subspan(4);
  if ((flags & kSequence) != 0) {
    if (rest.size() < 4) { return std::nullopt; }
    rest = rest.subspan(4);
  }
  if ((flags & kOffset) != 0) {
    const auto padding = take_u16(rest);
    if (!padding.has_value() || rest.size() < *padding) { return std::nullopt; }
    rest = rest.subspan(*padding);
  }
  return Encapsulated{.kind = TunnelKind::kL2tp2,
                      .id = ids->u32be<0>(),
                      .ethertype = (flags & kControl) != 0 ? kNothingFollowed : kEtherTypePpp,
                      .payload = rest};
}

/// Whether `packet` begins like the IP packet that `ethertype` announces.
bool agrees(std::uint16_t ethertype, ByteView packet) {
  if (packet.empty()) { return false; }
  const auto first = to_u8(packet[0]);
  switch (ethertype) {
    case kEtherTypeIpv4:
      return first >> 4U == 4 && (first & 0x0fU) >= 5;
    case kEtherTypeIpv6:
      return first >> 4U == 6;
    default:
      return false;
  }
}

bool looks_like_ethernet(ByteView bytes) {
  constexpr std::size_t kHeaderBytes = 14;
  constexpr std::size_t kTagBytes = 4;
  const auto header = FixedView<kHeaderBytes + kTagBytes>::of(bytes);
  if (!header.has_value()) { return false; }
  const auto type = header->u16be<12>();
  if (type == 0x8100 || type == 0x88a8) {
    return agrees(header->u16be<16>(), bytes.subspan(kHeaderBytes + kTagBytes));
  }
  return agrees(type, bytes.subspan(kHeaderBytes));
}

bool looks_like_ppp(ByteView bytes) {
  const auto header = FixedView<4>::of(bytes);
  if (!header.has_value() || header->u16be<0>() != 0xff03) { return false; }
  const auto rest = bytes.subspan(4);
  return (header->u16be<2>() == 0x0021 && agrees(kEtherTypeIpv4, rest)) ||
         (header->u16be<2>() == 0x0057 && agrees(kEtherTypeIpv6, rest));
}

/// An IP packet that fills `bytes` as far as its length says.
bool looks_like_ip(ByteView bytes) {
  const auto header = FixedView<20>::of(bytes);
  if (!header.has_value()) { return false; }
  const auto ethertype = ip_ethertype(bytes);
  const std::size_t length =
      ethertype == kEtherTypeIpv4 ? header->u16be<2>() : header->u16be<4>() + 40U;
  return agrees(ethertype, bytes) && length == bytes.size();
}

Encapsulated read_session(std::uint32_t session, ByteView bytes) {
  // Cookies have 0, 4 or 8 bytes, the default sublayer 0 or 4 (RFC 3931 4.1, 4.6).
  constexpr std::array<std::size_t, 4> kPlaces{0, 4, 8, 12};
  Encapsulated found{.kind = TunnelKind::kL2tp3, .id = session, .payload = bytes};
  for (const auto place : kPlaces) {
    if (bytes.size() < place) { break; }
    const auto payload = bytes.subspan(place);
    if (looks_like_ethernet(payload)) {
      found.ethertype = kEtherTypeBridged;
    } else if (looks_like_ppp(payload)) {
      found.ethertype = kEtherTypePpp;
    } else if (looks_like_ip(payload)) {
      found.ethertype = ip_ethertype(payload);
    } else {
      continue;
    }
    found.payload = payload;
    break;
  }
  return found;
}

}  // namespace

std::optional<Encapsulated> read_l2tp(ByteView datagram) {
  const auto start = FixedView<2>::of(datagram);
  if (!start.has_value()) { return std::nullopt; }
  const auto flags = start->u16be<0>();
  if ((flags & kReserved) != 0) { return std::nullopt; }
  switch (flags & kVersionMask) {
    case 2:
      return read_version_2(flags, datagram);
    case 3: {
      // |T|x|x|x|x|x|x|x|x|x|x|x|  Ver  |          Reserved             |
      // |                           Session ID                          |
      if ((flags & kControl) != 0) { return Encapsulated{.kind = TunnelKind::kL2tp3}; }
      const auto header = FixedView<8>::of(datagram);
      if (!header.has_value() || header->u16be<2>() != 0) { return std::nullopt; }
      return read_session(header->u32be<4>(), datagram.subspan(8));
    }
    default:
      return std::nullopt;
  }
}

// |                           Session ID                          |
// |               Cookie (optional, maximum 64 bits)              |
std::optional<Encapsulated> read_l2tp3(ByteView bytes) {
  const auto header = FixedView<4>::of(bytes);
  if (!header.has_value()) { return std::nullopt; }
  const auto session = header->u32be<0>();
  if (session == 0) { return Encapsulated{.kind = TunnelKind::kL2tp3}; }  // a control message
  return read_session(session, bytes.subspan(4));
}

}  // namespace remora::capture
