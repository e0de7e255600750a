#pragma once

#include <cstdint>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"
#include "dissect/rdp_udp/syn.h"

namespace remora::rdp_udp {

/// A datagram of the data phase of versions 1 and 2, [MS-RDPEUDP] 2.2.2.1, .4, .6, .7. Big-endian.
///
///   snSourceAck u32 | uReceiveWindowSize u16 | uFlags u16 [| uAckVectorSize u16, AckVector, up to
///   four bytes] [| snResetSeqNum u32] [| snCoded u32, snSourceStart u32, payload]
struct DataV1 {
  Flags flags;
  std::uint32_t source_start;  ///< number of the payload
  ByteView payload;            ///< borrowed; empty where there is none, or redundancy alone (FEC)
};

[[nodiscard]] DataV1 read_data_v1(Cursor& in);

}  // namespace remora::rdp_udp
