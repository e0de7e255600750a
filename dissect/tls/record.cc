#include "dissect/tls/record.h"

#include "capture/base/fixed_view.h"

namespace remora::tls {
namespace {

constexpr std::uint8_t kMajorVersion = 3;
constexpr std::uint8_t kHighestMinorVersion = 4;

}  // namespace

RecordHeader read_record_header(ByteView bytes) {
  const auto header = FixedView<kRecordHeaderBytes>::of(bytes);
  if (!header.has_value()) { return {}; }
  return {.type = ContentType{header->u8<0>()},
          .version = header->u16be<1>(),
          .length = header->u16be<3>()};
}

Extent measure_record(ByteView bytes) {
  if (bytes.empty()) { return Extent::more(); }
  const auto type = to_u8(bytes[0]);
  if (type < static_cast<std::uint8_t>(ContentType::kChangeCipherSpec) ||
      type > static_cast<std::uint8_t>(ContentType::kApplicationData)) {
    return Extent::lost("no TLS content type");
  }
  if (bytes.size() >= 2 && to_u8(bytes[1]) != kMajorVersion) {
    return Extent::lost("no TLS version");
  }
  if (bytes.size() >= 3 && to_u8(bytes[2]) > kHighestMinorVersion) {
    return Extent::lost("no TLS version");
  }
  if (bytes.size() < kRecordHeaderBytes) { return Extent::more(); }
  const std::size_t length = read_record_header(bytes).length;
  if (length > kMaxRecordBytes) { return Extent::lost("record longer than 2^14 + 2048 bytes"); }
  const auto size = kRecordHeaderBytes + length;
  return bytes.size() < size ? Extent::more(size) : Extent::whole(size);
}

}  // namespace remora::tls
