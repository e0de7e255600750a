#include "dissect/preconnection/preconnection_pdu.h"

#include <cstddef>

#include "dissect/encoding/utf16.h"

namespace remora::preconnection {
namespace {

constexpr std::uint32_t kSizeV1 = 16;
constexpr std::uint32_t kSmallestV2 = 18;
constexpr std::uint32_t kLargest = 64 * 1024;
constexpr std::uint32_t kVersion1 = 1;
constexpr std::uint32_t kVersion2 = 2;
constexpr std::size_t kFixedBytes = 12;  // cbSize, Flags, Version

}  // namespace

PreconnectionPdu read_preconnection_pdu(Cursor& in) {
  const auto size = in.u32le("cbSize");
  in.skip(4, "Flags");
  const auto version = in.u32le("Version");
  PreconnectionPdu pdu{.size = size, .version = version, .id = in.u32le("Id"), .blob = {}};
  if (version == kVersion2) {
    const std::size_t characters = in.u16le("cchPCB");
    pdu.blob = encoding::utf16le_to_utf8(in.bytes(characters * 2, "wszPCB"));
  }
  return pdu;
}

Extent measure_preconnection_pdu(ByteView bytes) {
  if (bytes.size() < kFixedBytes) { return Extent::more(); }
  Cursor in{bytes};
  const auto size = in.u32le("cbSize");
  const auto flags = in.u32le("Flags");
  const auto version = in.u32le("Version");
  const bool plausible = (version == kVersion1 && size == kSizeV1) ||
                         (version == kVersion2 && size >= kSmallestV2 && size <= kLargest);
  if (flags != 0 || !plausible) { return Extent::lost("no preconnection PDU"); }
  return bytes.size() < size ? Extent::more(size) : Extent::whole(size);
}

Verdict recognise(ByteView first_bytes) {
  // The sizes in use have zeros in their upper bytes: most other traffic is turned away here.
  if (first_bytes.size() >= 8) {
    for (std::size_t at = 4; at < 8; ++at) {
      if (to_u8(first_bytes[at]) != 0) { return Verdict::kNo; }
    }
  }
  if (first_bytes.size() >= 4 && (to_u8(first_bytes[2]) != 0 || to_u8(first_bytes[3]) != 0)) {
    return Verdict::kNo;
  }
  if (first_bytes.size() >= 2 && to_u8(first_bytes[0]) < kSizeV1 && to_u8(first_bytes[1]) == 0) {
    return Verdict::kNo;
  }
  const auto extent = measure_preconnection_pdu(first_bytes);
  if (extent.is_lost()) { return Verdict::kNo; }
  return first_bytes.size() < kFixedBytes ? Verdict::kMore : Verdict::kYes;
}

}  // namespace remora::preconnection
