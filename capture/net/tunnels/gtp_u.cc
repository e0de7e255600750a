#include "capture/net/tunnels/gtp_u.h"

#include <algorithm>

#include "capture/base/fixed_view.h"

namespace remora::capture {
namespace {

constexpr std::size_t kHeaderBytes = 8;
constexpr std::size_t kOptionalBytes = 4;
constexpr std::uint8_t kVersionAndTypeMask = 0xf0;  // the bit below them is spare
constexpr std::uint8_t kVersion1Gtp = 0x30;
constexpr std::uint8_t kOptionalMask = 0x07;
constexpr std::uint8_t kExtension = 0x04;
constexpr std::uint8_t kGPdu = 0xff;

/// | Length, in units of 4 bytes (1) | content | next extension header type (1) |
std::optional<ByteView> skip_extensions(std::uint8_t type, ByteView bytes) {
  for (int met = 0; type != 0; ++met) {
    if (met == kMaxGtpExtensionHeaders || bytes.empty()) { return std::nullopt; }
    const std::size_t size = to_u8(bytes[0]) * std::size_t{4};
    if (size == 0 || bytes.size() < size) { return std::nullopt; }
    type = to_u8(bytes[size - 1]);
    bytes = bytes.subspan(size);
  }
  return bytes;
}

}  // namespace

// |Version|PT|*|E|S|PN|  Message Type  |            Length             |
// |                    Tunnel Endpoint Identifier                      |
// |     Sequence Number (E, S or PN)   | N-PDU Number | Next Ext. Type |
std::optional<Encapsulated> read_gtp_u(ByteView datagram, std::uint32_t wire_bytes) {
  const auto header = FixedView<kHeaderBytes>::of(datagram);
  if (!header.has_value() || (header->u8<0>() & kVersionAndTypeMask) != kVersion1Gtp ||
      header->u8<1>() != kGPdu || kHeaderBytes + header->u16be<2>() > wire_bytes) {
    return std::nullopt;
  }
  auto rest = datagram.subspan(kHeaderBytes);
  rest = rest.first(std::min<std::size_t>(rest.size(), header->u16be<2>()));
  if ((header->u8<0>() & kOptionalMask) != 0) {
    const auto optional = FixedView<kOptionalBytes>::of(rest);
    if (!optional.has_value()) { return std::nullopt; }
    const bool extended = (header->u8<0>() & kExtension) != 0;
    const auto behind = skip_extensions(extended ? optional->u8<3>() : std::uint8_t{0},
                                        rest.subspan(kOptionalBytes));
    if (!behind.has_value()) { return std::nullopt; }
    rest = *behind;
  }
  const auto ethertype = ip_ethertype(rest);
  if (ethertype == kNothingFollowed) { return std::nullopt; }
  return Encapsulated{
      .kind = TunnelKind::kGtpU, .id = header->u32be<4>(), .ethertype = ethertype, .payload = rest};
}

}  // namespace remora::capture
