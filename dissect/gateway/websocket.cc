#include "dissect/gateway/websocket.h"

#include <algorithm>

namespace remora::gateway {
namespace {

constexpr std::uint8_t kMaskBit = 0x80;
constexpr std::uint8_t kTwoBytesMore = 126;
constexpr std::uint8_t kEightBytesMore = 127;

}  // namespace

bool FrameHeader::is_plausible() const {
  constexpr std::uint64_t kMaxControlBytes = 125;
  if (reserved) { return false; }
  return is_data() || (opcode >= 8 && opcode <= 10 && length <= kMaxControlBytes);
}

Extent measure_frame_header(ByteView bytes) {
  if (bytes.size() < 2) { return Extent::more(); }
  const auto second = to_u8(bytes[1]);
  const auto length = second & 0x7fU;
  std::size_t size = 2;
  if (length == kTwoBytesMore) { size += 2; }
  if (length == kEightBytesMore) { size += 8; }
  if ((second & kMaskBit) != 0) { size += 4; }
  return bytes.size() < size ? Extent::more(size) : Extent::whole(size);
}

FrameHeader read_frame_header(Cursor& in) {
  const auto first = in.u8("FIN, opcode");
  const auto second = in.u8("MASK, Payload len");
  FrameHeader header{.reserved = (first & 0x70U) != 0,
                     .opcode = static_cast<std::uint8_t>(first & 0x0fU),
                     .length = second & 0x7fU,
                     .masked = (second & kMaskBit) != 0,
                     .key = {}};
  if (header.length == kTwoBytesMore) {
    header.length = in.u16be("Extended payload length");
  } else if (header.length == kEightBytesMore) {
    header.length = in.u64be("Extended payload length");
  }
  if (header.masked) { std::ranges::copy(in.bytes(4, "Masking-key"), header.key.begin()); }
  return header;
}

}  // namespace remora::gateway
