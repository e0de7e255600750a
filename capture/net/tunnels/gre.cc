#include "capture/net/tunnels/gre.h"

#include <algorithm>

#include "capture/base/fixed_view.h"
#include "capture/link/ethernet.h"
#include "capture/net/tunnels/erspan.h"

namespace remora::capture {
namespace {

constexpr std::size_t kHeaderBytes = 4;
constexpr std::size_t kWordBytes = 4;

/// Bits of the first two bytes, RFC 1701, RFC 2890 2 and (acknowledgement) RFC 2637 4.1.
constexpr std::uint16_t kChecksum = 0x8000;
constexpr std::uint16_t kRouting = 0x4000;
constexpr std::uint16_t kKey = 0x2000;
constexpr std::uint16_t kSequence = 0x1000;
constexpr std::uint16_t kAcknowledgement = 0x0080;
constexpr std::uint16_t kVersionMask = 0x0007;

constexpr std::uint16_t kErspan = 0x88be;   // types I and II
constexpr std::uint16_t kErspan3 = 0x22eb;  // type III
constexpr std::uint16_t kFirstEtherType = 0x0600;

/// RFC 7637 3.2: the upper 24 bits of the key; those below are reserved, as a plain key would look.
constexpr std::uint32_t kFirstVirtualSubnet = 0x001000;

/// The Ethernet frame of gretap, or of NVGRE, which has a key and neither of the other fields.
Encapsulated bridged(std::uint16_t flags, std::uint32_t key, ByteView payload) {
  const auto subnet = key >> 8U;
  const bool is_nvgre =
      (flags & (kChecksum | kKey | kSequence)) == kKey && subnet >= kFirstVirtualSubnet;
  return {.kind = is_nvgre ? TunnelKind::kNvgre : TunnelKind::kGre,
          .id = is_nvgre ? subnet : key,
          .ethertype = kEtherTypeBridged,
          .payload = payload};
}

/// |C| |K|S|  reserved  | Ver |      Protocol Type            |
/// |      Checksum (optional)   |       Reserved1 (optional)  |
/// |                         Key (optional)                   |
/// |                   Sequence Number (optional)             |
std::optional<Encapsulated> read_version_0(std::uint16_t flags, std::uint16_t type, ByteView rest) {
  if ((flags & kRouting) != 0) { return Encapsulated{.kind = TunnelKind::kGre, .payload = rest}; }
  if ((flags & kChecksum) != 0) {
    if (rest.size() < kWordBytes) { return std::nullopt; }
    rest = rest.subspan(kWordBytes);
  }
  std::uint32_t key = 0;
  if ((flags & kKey) != 0) {
    const auto field = FixedView<kWordBytes>::of(rest);
    if (!field.has_value()) { return std::nullopt; }
    key = field->u32be<0>();
    rest = rest.subspan(kWordBytes);
  }
  if ((flags & kSequence) != 0) {
    if (rest.size() < kWordBytes) { return std::nullopt; }
    rest = rest.subspan(kWordBytes);
  }
  switch (type) {
    case kErspan:
      return (flags & kSequence) != 0 ? read_erspan_2(rest) : read_erspan_1(rest);
    case kErspan3:
      return read_erspan_3(rest);
    case kEtherTypeBridged:
      return bridged(flags, key, rest);
    default:
      return Encapsulated{.kind = TunnelKind::kGre,
                          .id = key,
                          .ethertype = type < kFirstEtherType ? kNothingFollowed : type,
                          .payload = rest};
  }
}

/// | |  |K|S| reserved |A|  flags  | Ver |    Protocol Type      |
/// |       Payload Length       |           Call ID            |
/// |                   Sequence Number (optional)              |
/// |               Acknowledgment Number (optional)            |
std::optional<Encapsulated> read_version_1(std::uint16_t flags, std::uint16_t type, ByteView rest) {
  const auto key = FixedView<kWordBytes>::of(rest);
  if (!key.has_value()) { return std::nullopt; }
  const auto words =
      1U + ((flags & kSequence) != 0 ? 1U : 0U) + ((flags & kAcknowledgement) != 0 ? 1U : 0U);
  if (rest.size() < words * kWordBytes) { return std::nullopt; }
  rest = rest.subspan(words * kWordBytes);
  const bool has_payload = type == kEtherTypePpp && (flags & kSequence) != 0;
  return Encapsulated{.kind = TunnelKind::kGre,
                      .id = key->u16be<2>(),
                      .ethertype = has_payload ? kEtherTypePpp : kNothingFollowed,
                      .payload = rest.first(std::min<std::size_t>(rest.size(), key->u16be<0>()))};
}

}  // namespace

std::optional<Encapsulated> read_gre(ByteView bytes) {
  const auto header = FixedView<kHeaderBytes>::of(bytes);
  if (!header.has_value()) { return std::nullopt; }
  const auto flags = header->u16be<0>();
  const auto rest = bytes.subspan(kHeaderBytes);
  switch (flags & kVersionMask) {
    case 0:
      return read_version_0(flags, header->u16be<2>(), rest);
    case 1:
      return read_version_1(flags, header->u16be<2>(), rest);
    default:
      return Encapsulated{.kind = TunnelKind::kGre, .payload = rest};
  }
}

}  // namespace remora::capture
