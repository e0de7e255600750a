#pragma once

#include <cstdint>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"

namespace remora::rdp {

/// Initiate Multitransport Request, [MS-RDPBCGR] 2.2.15.1, behind its security header. Newer
/// servers say more in and behind the reserved field; it is not read.
struct InitiateMultitransportRequest {
  static constexpr std::uint16_t kReliable = 1;  ///< INITITATE_REQUEST_PROTOCOL_UDPFECR
  static constexpr std::uint16_t kLossy = 2;     ///< INITITATE_REQUEST_PROTOCOL_UDPFECL

  std::uint32_t request_id;
  std::uint16_t requested_protocol;
  ByteView security_cookie;  ///< 16 bytes; borrowed
};

[[nodiscard]] InitiateMultitransportRequest read_initiate_multitransport_request(Cursor& in);

}  // namespace remora::rdp
