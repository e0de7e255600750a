#include "dissect/tls/dtls_record.h"

namespace remora::tls {
namespace {

constexpr std::uint8_t kMajorVersion = 0xfe;
constexpr std::uint8_t kLowestMinorVersion = 0xfc;

}  // namespace

Extent measure_dtls_record(ByteView bytes) {
  if (bytes.empty()) { return Extent::more(); }
  const auto type = to_u8(bytes[0]);
  if (type < static_cast<std::uint8_t>(ContentType::kChangeCipherSpec) ||
      type > static_cast<std::uint8_t>(ContentType::kApplicationData)) {
    return Extent::lost("no DTLS content type");
  }
  if (bytes.size() >= 2 && to_u8(bytes[1]) != kMajorVersion) {
    return Extent::lost("no DTLS version");
  }
  if (bytes.size() >= 3 && to_u8(bytes[2]) < kLowestMinorVersion) {
    return Extent::lost("no DTLS version");
  }
  if (bytes.size() < kDtlsRecordHeaderBytes) { return Extent::more(); }
  const auto length = (std::size_t{to_u8(bytes[11])} << 8U) | std::size_t{to_u8(bytes[12])};
  if (length > kMaxRecordBytes) { return Extent::lost("record longer than 2^14 + 2048 bytes"); }
  const auto size = kDtlsRecordHeaderBytes + length;
  return bytes.size() < size ? Extent::more(size) : Extent::whole(size);
}

DtlsRecord read_dtls_record(Cursor& in) {
  const ContentType type{in.u8("type")};
  const auto version = in.u16be("version");
  const auto epoch = in.u16be("epoch");
  const std::uint64_t upper = in.u16be("sequence_number");
  const auto sequence = upper << 32U | in.u32be("sequence_number");
  return {.type = type,
          .version = version,
          .epoch = epoch,
          .sequence = sequence,
          .fragment = in.bytes(in.u16be("length"), "fragment")};
}

HandshakeFragment read_handshake_fragment(Cursor& in) {
  const HandshakeType type{in.u8("msg_type")};
  const auto length = in.u24be("length");
  const auto sequence = in.u16be("message_seq");
  const auto offset = in.u24be("fragment_offset");
  return {.type = type,
          .length = length,
          .message_sequence = sequence,
          .offset = offset,
          .body = in.bytes(in.u24be("fragment_length"), "body")};
}

}  // namespace remora::tls
