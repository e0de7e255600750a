#pragma once

#include <cstdint>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"
#include "dissect/conversation/extent.h"

namespace remora::rdp {

/// The two ways in which RDP frames its PDUs, [MS-RDPBCGR] 2.2.8.1.2 and 2.2.9.1.2. One stream
/// mixes them; the first byte tells.
enum class Framing : std::uint8_t {
  kTpkt,      ///< RFC 1006: first byte 03
  kFastPath,  ///< two low bits of the first byte are zero
  kNeither,
};

[[nodiscard]] Framing framing_of(std::uint8_t first_byte);

/// Where the PDU at the start of `bytes` ends. Lost when these bytes start neither a TPKT that
/// holds a plausible X.224 TPDU nor a fast-path PDU whose length covers its own header. Constant
/// time.
[[nodiscard]] Extent measure_pdu(ByteView bytes);

/// Steps over version, reserved byte and length of a TPKT, RFC 1006 6. The length is not judged:
/// `measure_pdu` has already cut the PDU.
void skip_tpkt_header(Cursor& in);

/// First byte of a fast-path PDU, 2.2.8.1.2 (fpInputHeader) and 2.2.9.1.2 (fpOutputHeader).
struct FastPathHeader {
  std::uint8_t number_events;  ///< client to server; 0: counted in a byte of its own
  bool secure_checksum;        ///< FASTPATH_*_SECURE_CHECKSUM: salted MAC
  bool encrypted;              ///< FASTPATH_*_ENCRYPTED
  std::uint16_t length;        ///< of the whole PDU
};

[[nodiscard]] FastPathHeader read_fast_path_header(Cursor& in);

}  // namespace remora::rdp
