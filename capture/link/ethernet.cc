#include "capture/link/ethernet.h"

#include <algorithm>

#include "capture/base/fixed_view.h"
#include "capture/link/ppp.h"

namespace remora::capture {
namespace {

/// IEEE 802 Numbers (IANA), "EtherType".
constexpr std::uint16_t kVlan = 0x8100;
constexpr std::uint16_t kMplsMulticast = 0x8848;
constexpr std::uint16_t kPppoeSession = 0x8864;
constexpr std::uint16_t kServiceVlan = 0x88a8;
constexpr std::uint16_t kBackboneService = 0x88e7;
constexpr std::uint16_t kStackedVlan = 0x9100;  // before 802.1ad

constexpr std::uint16_t kMax8023Length = 1500;
constexpr std::uint16_t kVlanIdMask = 0x0fff;

/// 802.2 service access points and SNAP organisations.
constexpr std::uint16_t kSnap = 0xaaaa;
constexpr std::uint16_t kIpSap = 0x0606;  // RFC 948
constexpr std::uint8_t kUnnumbered = 0x03;
constexpr std::uint32_t kEncapsulatedEthernet = 0x000000;
constexpr std::uint32_t kBridgeTunnel = 0x0000f8;  // RFC 1042 and 802.1H

bool is_vlan(std::uint16_t ethertype) {
  return ethertype == kVlan || ethertype == kServiceVlan || ethertype == kStackedVlan;
}

LinkResult carrying(NetworkProtocol protocol, LinkResult result) {
  result.protocol = protocol;
  return result;
}

/// The I-TAG of IEEE 802.1ah, in front of the customer's frame.
/// |  PCP, DEI, UCA, reserved (1)  |  I-SID (3)  |
std::optional<LinkResult> read_backbone_tag(LinkResult result) {
  constexpr std::size_t kTagBytes = 4;
  constexpr std::uint32_t kServiceMask = 0x00ffffff;
  const auto tag = FixedView<kTagBytes>::of(result.payload);
  if (!tag.has_value()) { return std::nullopt; }
  result.circuit = tag->u32be<0>() & kServiceMask;
  result.payload = result.payload.subspan(kTagBytes);
  return carrying(NetworkProtocol::kEthernet, result);
}

std::optional<LinkResult> name_protocol(std::uint16_t ethertype, LinkResult result) {
  switch (ethertype) {
    case kEtherTypeIpv4:
      return carrying(NetworkProtocol::kIpv4, result);
    case kEtherTypeIpv6:
      return carrying(NetworkProtocol::kIpv6, result);
    case kEtherTypeMpls:
      return carrying(NetworkProtocol::kMplsUnicast, result);
    case kMplsMulticast:
      return carrying(NetworkProtocol::kMplsMulticast, result);
    case kPppoeSession:
      return read_pppoe(result);
    case kEtherTypePpp:
      return read_ppp_in(result);
    case kEtherTypeBridged:
      return carrying(NetworkProtocol::kEthernet, result);
    case kBackboneService:
      return read_backbone_tag(result);
    default:
      return carrying(NetworkProtocol::kNone, result);
  }
}

}  // namespace

// |  destination (6)  |  source (6)  |  type or length (2)  |
std::optional<LinkResult> read_ethernet(ByteView frame) {
  constexpr std::size_t kHeaderBytes = 14;
  const auto header = FixedView<kHeaderBytes>::of(frame);
  if (!header.has_value()) { return std::nullopt; }
  LinkResult result{.payload = frame.subspan(kHeaderBytes)};
  std::ranges::copy(header->bytes<0, 6>(), result.destination.emplace().bytes.begin());
  std::ranges::copy(header->bytes<6, 6>(), result.source.emplace().bytes.begin());
  return read_after_ethertype(header->u16be<12>(), result);
}

// |  priority, DEI, VLAN identifier (2)  |  type or length (2)  |
std::optional<LinkResult> read_after_ethertype(std::uint16_t ethertype, LinkResult result) {
  constexpr std::size_t kTagBytes = 4;
  for (int tags = 0; is_vlan(ethertype); ++tags) {
    const auto tag = FixedView<kTagBytes>::of(result.payload);
    if (!tag.has_value()) { return std::nullopt; }
    if (tags == kMaxVlanTags) { return carrying(NetworkProtocol::kNone, result); }
    result.vlans.add(tag->u16be<0>() & kVlanIdMask);
    ethertype = tag->u16be<2>();
    result.payload = result.payload.subspan(kTagBytes);
  }
  if (ethertype > kMax8023Length) { return name_protocol(ethertype, result); }
  result.payload = result.payload.first(std::min<std::size_t>(result.payload.size(), ethertype));
  return read_llc(result);
}

// |  DSAP  |  SSAP  |  control  |  organisation (3)  |  type (2)  |
std::optional<LinkResult> read_llc(LinkResult result) {
  constexpr std::size_t kLlcBytes = 3;
  constexpr std::size_t kSnapBytes = 8;
  const auto llc = FixedView<kLlcBytes>::of(result.payload);
  if (!llc.has_value()) { return std::nullopt; }
  if (llc->u8<2>() == kUnnumbered && llc->u16be<0>() == kIpSap) {
    result.payload = result.payload.subspan(kLlcBytes);
    return name_protocol(kEtherTypeIpv4, result);
  }
  if (llc->u8<2>() != kUnnumbered || llc->u16be<0>() != kSnap) {
    return carrying(NetworkProtocol::kNone, result);
  }
  const auto snap = FixedView<kSnapBytes>::of(result.payload);
  if (!snap.has_value()) { return std::nullopt; }
  result.payload = result.payload.subspan(kSnapBytes);
  const auto organisation = snap->u32be<2>() & 0x00ffffffU;
  if (organisation != kEncapsulatedEthernet && organisation != kBridgeTunnel) {
    return carrying(NetworkProtocol::kNone, result);
  }
  return name_protocol(snap->u16be<6>(), result);
}

}  // namespace remora::capture
