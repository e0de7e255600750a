#pragma once

#include <cstdint>
#include <string>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"
#include "dissect/conversation/extent.h"
#include "dissect/conversation/family.h"

namespace remora::preconnection {

/// RDP_PRECONNECTION_PDU_V1 and _V2, [MS-RDPEPS] 2.2.1.1 and 2.2.1.2. Little-endian.
///
///   cbSize u32 | Flags u32 = 0 | Version u32 = 1 or 2 | Id u32 | V2: cchPCB u16, wszPCB
struct PreconnectionPdu {
  std::uint32_t size;     ///< cbSize: of the whole PDU
  std::uint32_t version;  ///< 1 or 2
  std::uint32_t id;       ///< in Remote Assistance the SID of the connection string
  std::string blob;       ///< wszPCB up to its NUL, UTF-8; empty in version 1
};

[[nodiscard]] PreconnectionPdu read_preconnection_pdu(Cursor& in);

/// Where the PDU at the start of `bytes` ends. Lost when they cannot start one.
///
/// LIMIT: 64 KiB of cbSize; real ones have less than a hundred bytes.
[[nodiscard]] Extent measure_preconnection_pdu(ByteView bytes);

/// By content: size, flags and version leave no room for chance.
[[nodiscard]] Verdict recognise(ByteView first_bytes);

}  // namespace remora::preconnection
