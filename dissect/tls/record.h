#pragma once

#include <cstddef>
#include <cstdint>

#include "capture/base/bytes.h"
#include "dissect/conversation/extent.h"

namespace remora::tls {

/// TLSPlaintext.type, RFC 8446 5.1.
enum class ContentType : std::uint8_t {
  kChangeCipherSpec = 20,
  kAlert = 21,
  kHandshake = 22,
  kApplicationData = 23,
};

inline constexpr std::size_t kRecordHeaderBytes = 5;
/// RFC 5246 6.2.3: 2^14 and what compression and protection may add.
inline constexpr std::size_t kMaxRecordBytes = (1U << 14U) + 2048;

/// The five bytes before every record.
struct RecordHeader {
  ContentType type{};
  std::uint16_t version{0};
  std::uint16_t length{0};
};

/// Reads the header at the start of `bytes`; there must be at least five.
[[nodiscard]] RecordHeader read_record_header(ByteView bytes);

/// Where the record at the start of `bytes` ends. Lost when they cannot start one.
[[nodiscard]] Extent measure_record(ByteView bytes);

}  // namespace remora::tls
