#pragma once

#include <cstddef>
#include <cstdint>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"
#include "dissect/conversation/extent.h"
#include "dissect/tls/handshake_type.h"
#include "dissect/tls/record.h"

namespace remora::tls {

inline constexpr std::size_t kDtlsRecordHeaderBytes = 13;

/// DTLSPlaintext, RFC 6347 4.1. Big-endian.
///
///   type u8 | version u16 | epoch u16 | sequence_number u48 | length u16 | fragment
struct DtlsRecord {
  ContentType type;
  std::uint16_t version;
  std::uint16_t epoch;     ///< not 0: protected
  std::uint64_t sequence;  ///< within the epoch
  ByteView fragment;       ///< borrowed
};

/// Where the record at the start of `bytes` ends. Lost when they cannot start one.
[[nodiscard]] Extent measure_dtls_record(ByteView bytes);
[[nodiscard]] DtlsRecord read_dtls_record(Cursor& in);

/// A piece of a handshake message, RFC 6347 4.2.2. Big-endian.
///
///   msg_type u8 | length u24 | message_seq u16 | fragment_offset u24 | fragment_length u24 | body
struct HandshakeFragment {
  HandshakeType type;
  std::uint32_t length;  ///< of the whole message
  std::uint16_t message_sequence;
  std::uint32_t offset;  ///< of this piece
  ByteView body;         ///< borrowed
};

[[nodiscard]] HandshakeFragment read_handshake_fragment(Cursor& in);

}  // namespace remora::tls
