#pragma once

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"

namespace remora::rdp {

/// TS_SECURITY_PACKET, [MS-RDPBCGR] 2.2.1.10.1; what follows the Basic security header.
struct SecurityExchange {
  ByteView encrypted_client_random;  ///< little-endian, with its eight bytes of padding; borrowed
};

[[nodiscard]] SecurityExchange read_security_exchange(Cursor& in);

}  // namespace remora::rdp
