#include "capture/net/tunnels/geneve.h"

#include "capture/base/fixed_view.h"

namespace remora::capture {
namespace {

constexpr std::size_t kHeaderBytes = 8;
constexpr std::uint8_t kVersionMask = 0xc0;
constexpr std::uint8_t kOptionWordsMask = 0x3f;
constexpr std::uint8_t kControl = 0x80;
constexpr std::uint8_t kReservedFlags = 0x3f;
constexpr std::uint16_t kFirstEtherType = 0x0600;

}  // namespace

// |Ver|  Opt Len  |O|C|    Rsvd.  |          Protocol Type        |
// |        Virtual Network Identifier (VNI)       |    Reserved   |
// |                    Variable-Length Options                    |
std::optional<Encapsulated> read_geneve(ByteView datagram) {
  const auto header = FixedView<kHeaderBytes>::of(datagram);
  if (!header.has_value() || (header->u8<0>() & kVersionMask) != 0 ||
      (header->u8<1>() & kReservedFlags) != 0 || header->u16be<2>() < kFirstEtherType) {
    return std::nullopt;
  }
  const std::size_t options_bytes = (header->u8<0>() & kOptionWordsMask) * std::size_t{4};
  if (datagram.size() < kHeaderBytes + options_bytes) { return std::nullopt; }
  const bool control = (header->u8<1>() & kControl) != 0;
  return Encapsulated{.kind = TunnelKind::kGeneve,
                      .id = header->u32be<4>() >> 8U,
                      .ethertype = control ? kNothingFollowed : header->u16be<2>(),
                      .payload = datagram.subspan(kHeaderBytes + options_bytes)};
}

}  // namespace remora::capture
