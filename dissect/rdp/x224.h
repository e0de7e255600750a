#pragma once

#include <cstdint>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"

namespace remora::rdp {

/// X.224 13.2: code of a TPDU, its low four bits cleared. Any value may occur.
enum class TpduCode : std::uint8_t {
  kError = 0x70,
  kDisconnectRequest = 0x80,
  kConnectionConfirm = 0xd0,
  kConnectionRequest = 0xe0,
  kData = 0xf0,
};

/// An X.224 class 0 TPDU, X.224 13.3 to 13.12. Fields that its kind does not have are zero.
struct Tpdu {
  std::uint8_t length_indicator;
  TpduCode code;
  std::uint16_t destination_reference;  ///< CR, CC, DR, ER
  std::uint16_t source_reference;       ///< CR, CC, DR
  std::uint8_t class_option;            ///< CR, CC
  std::uint8_t reason;                  ///< of DR, or reject cause of ER; X.224 13.5, 13.12
  ByteView user_data;  ///< DT: what follows the header. Else the variable part. Borrowed
};

/// Reads a whole TPKT PDU: its header and the TPDU inside. The variable part of CR and CC runs to
/// the end of the PDU whatever the length indicator says.
[[nodiscard]] Tpdu read_tpdu(Cursor& in);

}  // namespace remora::rdp
