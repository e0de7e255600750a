#include "dissect/rdp/tpkt.h"

#include <cstddef>

#include "dissect/rdp/x224.h"

namespace remora::rdp {
namespace {

constexpr std::uint8_t kTpktVersion = 3;
constexpr std::size_t kTpktHeaderBytes = 4;
constexpr std::size_t kSmallestTpktBytes = 7;  // RFC 1006 6: header and the smallest TPDU

[[nodiscard]] std::size_t u16be_at(ByteView bytes, std::size_t at) {
  return (static_cast<std::size_t>(to_u8(bytes[at])) << 8) | to_u8(bytes[at + 1]);
}

/// Whether a TPDU of this length indicator and code can fill a TPKT of `size` bytes. The length
/// indicator counts the header after itself; its value 255 is reserved (X.224 13.2.1).
[[nodiscard]] bool is_plausible_tpdu(std::uint8_t length_indicator, std::uint8_t code,
                                     std::size_t size) {
  if (length_indicator == 0xff || kTpktHeaderBytes + 1 + length_indicator > size) { return false; }
  switch (TpduCode{static_cast<std::uint8_t>(code & 0xf0U)}) {
    case TpduCode::kData:
      return length_indicator >= 2;
    case TpduCode::kError:
      return length_indicator >= 4;
    case TpduCode::kConnectionRequest:
    case TpduCode::kConnectionConfirm:
    case TpduCode::kDisconnectRequest:
      return length_indicator >= 6;
  }
  return false;
}

[[nodiscard]] Extent whole_or_more(ByteView bytes, std::size_t size) {
  return bytes.size() < size ? Extent::more(size) : Extent::whole(size);
}

[[nodiscard]] Extent measure_tpkt(ByteView bytes) {
  if (bytes.size() < kTpktHeaderBytes) { return Extent::more(); }
  const auto size = u16be_at(bytes, 2);
  if (size < kSmallestTpktBytes) { return Extent::lost("TPKT length below 7"); }
  if (bytes.size() < kTpktHeaderBytes + 2) { return Extent::more(size); }
  if (!is_plausible_tpdu(to_u8(bytes[4]), to_u8(bytes[5]), size)) {
    return Extent::lost("TPKT without an X.224 TPDU");
  }
  return whole_or_more(bytes, size);
}

/// Bytes of header, length and security fields that the length must cover, and one byte of content.
[[nodiscard]] std::size_t smallest_fast_path(std::uint8_t header, std::size_t length_bytes) {
  constexpr std::size_t kSignatureBytes = 8;
  const bool encrypted = (header & 0x80U) != 0;
  return 1 + length_bytes + (encrypted ? kSignatureBytes : 0) + 1;
}

[[nodiscard]] Extent measure_fast_path(ByteView bytes) {
  if (bytes.size() < 2) { return Extent::more(); }
  const bool two_bytes = (to_u8(bytes[1]) & 0x80U) != 0;
  if (two_bytes && bytes.size() < 3) { return Extent::more(); }
  const auto size = two_bytes ? u16be_at(bytes, 1) & 0x7fffU : to_u8(bytes[1]);
  if (size < smallest_fast_path(to_u8(bytes[0]), two_bytes ? 2 : 1)) {
    return Extent::lost("fast-path length too small");
  }
  return whole_or_more(bytes, size);
}

}  // namespace

Framing framing_of(std::uint8_t first_byte) {
  if (first_byte == kTpktVersion) { return Framing::kTpkt; }
  return (first_byte & 3U) == 0 ? Framing::kFastPath : Framing::kNeither;
}

Extent measure_pdu(ByteView bytes) {
  if (bytes.empty()) { return Extent::more(); }
  switch (framing_of(to_u8(bytes.front()))) {
    case Framing::kTpkt:
      return measure_tpkt(bytes);
    case Framing::kFastPath:
      return measure_fast_path(bytes);
    case Framing::kNeither:
      break;
  }
  return Extent::lost("neither TPKT nor fast-path");
}

void skip_tpkt_header(Cursor& in) {
  in.expect_u8(kTpktVersion, "version");
  in.skip(1, "reserved");
  in.skip(2, "length");
}

FastPathHeader read_fast_path_header(Cursor& in) {
  const auto header = in.u8("fpHeader");
  std::uint16_t length = in.u8("length1");
  if ((length & 0x80U) != 0) {
    length = static_cast<std::uint16_t>(((length & 0x7fU) << 8) | in.u8("length2"));
  }
  return {.number_events = static_cast<std::uint8_t>((header >> 2) & 0x0fU),
          .secure_checksum = (header & 0x40U) != 0,
          .encrypted = (header & 0x80U) != 0,
          .length = length};
}

}  // namespace remora::rdp
