#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"

namespace remora::rdp {

/// Low four bits of pduType, [MS-RDPBCGR] 2.2.8.1.1.1.1. Any value from 0 to 15 may occur.
enum class SharePduType : std::uint8_t {
  kDemandActive = 0x1,
  kConfirmActive = 0x3,
  kDeactivateAll = 0x6,
  kData = 0x7,
  kServerRedirect = 0xa,
};

/// TS_SHARECONTROLHEADER and what it bounds. One SendData may carry several in a row.
struct ShareControlPdu {
  std::uint16_t total_length;               ///< 8000h: a flow PDU of T.128, eight bytes in all
  SharePduType type;                        ///< meaningless for a flow PDU
  std::uint8_t version;                     ///< PDUVersion, its low byte; 1, but 0 in a redirection
  std::optional<std::uint16_t> pdu_source;  ///< XP leaves it out of a Deactivate All of 4 bytes
  ByteView body;                            ///< up to totalLength; borrowed

  [[nodiscard]] bool is_flow() const { return total_length == 0x8000; }
};

/// Reads one PDU and steps over all of it; the next one, if any, follows.
[[nodiscard]] ShareControlPdu read_share_control_pdu(Cursor& in);

}  // namespace remora::rdp
