#pragma once

#include <cstddef>
#include <cstdint>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"
#include "dissect/dcerpc/pdu_header.h"

namespace remora::dcerpc {

/// Bytes of a request from its start to the opnum: enough to tell whose call it is.
inline constexpr std::size_t kRequestHeadBytes = 24;

/// request, [C706] 12.6.4.9, up to its opnum.
struct RequestHead {
  PduHeader header;
  std::uint16_t context_id{0};
  std::uint16_t opnum{0};
};
[[nodiscard]] RequestHead read_request_head(Cursor& pdu);

/// fault, 12.6.4.7: its status.
[[nodiscard]] std::uint32_t read_fault(Cursor& pdu);

/// A piece of a call's parameters, or of its results.
struct StubFragment {
  ByteView bytes;      ///< without padding and verifier; borrowed
  bool sealed{false};  ///< RPC_C_AUTHN_LEVEL_PKT_PRIVACY, [MS-RPCE] 2.2.1.1.8
};
/// Of a whole request or response PDU, 12.6.4.9 and 12.6.4.10.
[[nodiscard]] StubFragment stub_of(const PduHeader& header, ByteView pdu);

}  // namespace remora::dcerpc
