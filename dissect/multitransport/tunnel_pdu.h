#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"
#include "dissect/conversation/extent.h"

namespace remora::multitransport {

/// Action, [MS-RDPEMT] 2.2.1.1. Any value of four bits may occur.
enum class Action : std::uint8_t {
  kCreateRequest = 0x0,
  kCreateResponse = 0x1,
  kData = 0x2,
};

/// RDP_TUNNEL_HEADER and what follows it, 2.2.1.1 and 2.2.2. Little-endian.
///
///   Action and Flags u8 | PayloadLength u16 | HeaderLength u8 [| SubHeaders] | payload
struct TunnelPdu {
  Action action;
  std::uint8_t flags;    ///< 0
  ByteView sub_headers;  ///< borrowed, as the next
  ByteView payload;
};

/// Where the PDU at the start of `bytes` ends. Lost when they cannot start one.
[[nodiscard]] Extent measure_tunnel_pdu(ByteView bytes);
[[nodiscard]] TunnelPdu read_tunnel_pdu(Cursor& in);

/// Whether `bytes` are PDUs, one after the other, and nothing else.
[[nodiscard]] bool are_tunnel_pdus(ByteView bytes);

/// RDP_TUNNEL_SUBHEADERs up to the end of what is given, 2.2.1.1.1: how many. Of what they hold,
/// the network auto-detection of [MS-RDPBCGR] 2.2.14, nothing is of interest.
///
///   SubHeaderLength u8 | SubHeaderType u8 | data
[[nodiscard]] std::size_t read_sub_headers(Cursor& in);

/// RDP_TUNNEL_CREATEREQUEST behind its header, 2.2.2.1.
struct CreateRequest {
  std::uint32_t request_id;
  ByteView security_cookie;  ///< 16 bytes; borrowed
};

[[nodiscard]] CreateRequest read_create_request(Cursor& in);

/// RDP_TUNNEL_CREATERESPONSE behind its header, 2.2.2.2: HrResponse.
[[nodiscard]] std::uint32_t read_create_response(Cursor& in);

}  // namespace remora::multitransport
