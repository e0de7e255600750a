#include "capture/net/tunnels/erspan.h"

#include "capture/base/fixed_view.h"
#include "capture/link/ethernet.h"

namespace remora::capture {
namespace {

constexpr std::uint16_t kSessionMask = 0x03ff;
constexpr std::uint8_t kVersionOfType2 = 1;
constexpr std::uint8_t kVersionOfType3 = 2;
constexpr std::uint16_t kOptionalSubheader = 0x0001;
constexpr unsigned kFrameEthernet = 0;
constexpr unsigned kFrameIp = 2;

}  // namespace

std::optional<Encapsulated> read_erspan_1(ByteView bytes) {
  return Encapsulated{
      .kind = TunnelKind::kErspan1, .ethertype = kEtherTypeBridged, .payload = bytes};
}

// |  Ver  |          VLAN         | COS | En|T|    Session ID     |
// |      Reserved         |                  Index                |
std::optional<Encapsulated> read_erspan_2(ByteView bytes) {
  constexpr std::size_t kHeaderBytes = 8;
  const auto header = FixedView<kHeaderBytes>::of(bytes);
  if (!header.has_value() || header->u8<0>() >> 4U != kVersionOfType2) { return std::nullopt; }
  return Encapsulated{.kind = TunnelKind::kErspan2,
                      .id = header->u16be<2>() & std::uint32_t{kSessionMask},
                      .ethertype = kEtherTypeBridged,
                      .payload = bytes.subspan(kHeaderBytes)};
}

// |  Ver  |          VLAN         | COS |BSO|T|    Session ID     |
// |                          Timestamp                            |
// |             SGT               |P|   FT    |   Hw ID   |D|Gra|O|
// |   Platform Specific SubHeader (8 bytes, if O is set)          |
std::optional<Encapsulated> read_erspan_3(ByteView bytes) {
  constexpr std::size_t kHeaderBytes = 12;
  constexpr std::size_t kSubheaderBytes = 8;
  const auto header = FixedView<kHeaderBytes>::of(bytes);
  if (!header.has_value() || header->u8<0>() >> 4U != kVersionOfType3) { return std::nullopt; }
  auto payload = bytes.subspan(kHeaderBytes);
  const auto last = header->u16be<10>();
  if ((last & kOptionalSubheader) != 0) {
    if (payload.size() < kSubheaderBytes) { return std::nullopt; }
    payload = payload.subspan(kSubheaderBytes);
  }
  const auto frame_type = (last >> 10U) & 0x1fU;
  std::uint16_t ethertype = kNothingFollowed;
  if (frame_type == kFrameEthernet) { ethertype = kEtherTypeBridged; }
  if (frame_type == kFrameIp) { ethertype = ip_ethertype(payload); }
  return Encapsulated{.kind = TunnelKind::kErspan3,
                      .id = header->u16be<2>() & std::uint32_t{kSessionMask},
                      .ethertype = ethertype,
                      .payload = payload};
}

}  // namespace remora::capture
