#include "capture/link/mpls.h"

#include "capture/base/fixed_view.h"
#include "capture/link/ethernet.h"

namespace remora::capture {
namespace {

constexpr std::size_t kEntryBytes = 4;
constexpr std::uint32_t kBottomOfStack = 0x100;
constexpr std::uint32_t kLabelShift = 12;
constexpr std::size_t kControlWordBytes = 4;
constexpr std::size_t kEtherTypeOffset = 12;
constexpr std::size_t kEthernetBytes = 14;
constexpr std::size_t kLeastIpBytes = 20;
constexpr std::size_t kIpv6HeaderBytes = 40;

/// Whether `frame` begins like an Ethernet frame whose content Remora could follow, or ARP.
bool looks_like_ethernet(ByteView frame) {
  const auto header = FixedView<kEtherTypeOffset + 2>::of(frame);
  if (!header.has_value()) { return false; }
  switch (header->u16be<kEtherTypeOffset>()) {
    case kEtherTypeIpv4:
    case kEtherTypeIpv6:
    case kEtherTypeMpls:
    case 0x0806:  // ARP
    case 0x8100:  // the tags
    case 0x88a8:
    case 0x9100:
    case 0x88e7:
    case 0x8864:  // a PPPoE session
      return true;
    default:
      return false;
  }
}

/// Whether the lengths in an IP header at the start of `bytes` hold.
bool lengths_hold(ByteView bytes) {
  const auto header = FixedView<kLeastIpBytes>::of(bytes);
  if (!header.has_value()) { return false; }
  if (header->u8<0>() >> 4U == 6) { return header->u16be<4>() + kIpv6HeaderBytes <= bytes.size(); }
  const std::size_t header_bytes = (header->u8<0>() & 0x0fU) * std::size_t{4};
  const std::size_t total_bytes = header->u16be<2>();
  return header_bytes >= kLeastIpBytes && total_bytes >= header_bytes &&
         total_bytes <= bytes.size();
}

/// Whether an Ethernet header stands at the start of `frame`, and behind it a whole IP datagram of
/// the version that its type says.
bool holds_ip_in_ethernet(ByteView frame) {
  const auto header = FixedView<kEthernetBytes + 1>::of(frame);
  if (!header.has_value()) { return false; }
  const auto type = header->u16be<kEtherTypeOffset>();
  const auto version = header->u8<kEthernetBytes>() >> 4U;
  return ((type == kEtherTypeIpv4 && version == 4) || (type == kEtherTypeIpv6 && version == 6)) &&
         lengths_hold(frame.subspan(kEthernetBytes));
}

/// The address of a pseudowire's frame may begin with the nibble of an IP version, and its next
/// bytes pass for lengths.
bool is_ip(ByteView bytes) {
  if (lengths_hold(bytes)) { return !holds_ip_in_ethernet(bytes); }
  // The snap length may have cut a datagram: its lengths need not hold where nothing else fits.
  return !looks_like_ethernet(bytes);
}

/// | 0 0 0 0 | flags (4) | fragment (2) | length (6) | sequence (16) |, RFC 4385 3. Ethernet has no
/// flags and no fragments; the length is that of a frame of less than 64 bytes, else 0.
bool looks_like_control_word(ByteView bytes) {
  const auto word = FixedView<kControlWordBytes>::of(bytes);
  return word.has_value() && word->u8<0>() == 0 &&
         (word->u8<1>() == 0 || word->u8<1>() == bytes.size());
}

/// Both readings of a pseudowire can hold at once: the bare one is then the likelier, because a tag
/// stands where the other would look for the type.
LinkResult read_pseudowire(LinkResult result) {
  result.protocol = NetworkProtocol::kNone;
  if (looks_like_ethernet(result.payload)) {
    result.protocol = NetworkProtocol::kEthernet;
  } else if (looks_like_control_word(result.payload)) {
    result.payload = result.payload.subspan(kControlWordBytes);
    result.protocol = NetworkProtocol::kEthernet;
  }
  return result;
}

}  // namespace

// |  label (20)  |  traffic class (3)  |  S (1)  |  TTL (8)  |
std::optional<LinkResult> read_mpls(LinkResult result) {
  for (int labels = 0; labels < kMaxLabels; ++labels) {
    const auto entry = FixedView<kEntryBytes>::of(result.payload);
    if (!entry.has_value()) { return std::nullopt; }
    result.payload = result.payload.subspan(kEntryBytes);
    if ((entry->u32be<0>() & kBottomOfStack) == 0) { continue; }
    result.circuit = entry->u32be<0>() >> kLabelShift;
    if (result.payload.empty()) { return std::nullopt; }
    const auto version = to_u8(result.payload[0]) >> 4U;
    if ((version != 4 && version != 6) || !is_ip(result.payload)) {
      return read_pseudowire(result);
    }
    result.protocol = version == 4 ? NetworkProtocol::kIpv4 : NetworkProtocol::kIpv6;
    return result;
  }
  result.protocol = NetworkProtocol::kNone;
  return result;
}

}  // namespace remora::capture
