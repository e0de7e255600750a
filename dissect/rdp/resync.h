#pragma once

#include <cstddef>

#include "capture/base/bytes.h"
#include "dissect/rdp/security_header.h"

namespace remora::rdp {

/// Where, after a hole, the PDUs of a side with encryption go on.
struct NextPdu {
  std::size_t before{0};  ///< bytes that start no PDU
  bool found{false};      ///< one starts behind them; else it takes more bytes to tell
};

/// Looks for a TPKT with an X.224 Data TPDU, or for three encrypted fast-path PDUs one behind the
/// other, [MS-RDPBCGR] 2.2.8.1.2 and 2.2.9.1.2. A guess: what is found still has to be proven by a
/// signature. LIMIT: the first two of the three have 16,384 bytes each.
[[nodiscard]] NextPdu find_next_pdu(ByteView bytes, bool from_client, EncryptedForm form);

}  // namespace remora::rdp
