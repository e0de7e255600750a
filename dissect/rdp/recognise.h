#pragma once

#include "capture/base/bytes.h"
#include "dissect/conversation/family.h"

namespace remora::rdp {

/// Whether one side's first bytes are RDP: an X.224 Connection Request or Confirm as only RDP
/// writes it, an MCS Connect-Initial with "Duca" or a Connect-Response with "McDn", or, where the
/// capture begins in the middle, Send Data on the I/O channel with a PDU that only RDP puts there.
/// Other users of TPKT and X.224 (S7comm, MMS, H.323) are `kNo`.
///
/// LIMIT: asks for more at most until 512 bytes are there. Cost: one pass over those.
[[nodiscard]] Verdict recognise(ByteView first_bytes);

}  // namespace remora::rdp
