#pragma once

#include <cstdint>
#include <vector>

#include "capture/base/cursor.h"
#include "dissect/ndr/guid.h"

namespace remora::dcerpc {

/// The transfer syntax NDR 2.0, [C706] appendix I; what others are called does not matter here.
inline constexpr auto kNdr = ndr::make_guid("8A885D04-1CEB-11C9-9FE8-08002B104860");

/// p_cont_elem_t, [C706] 12.6.3.1: from here on `id` means this interface.
struct PresentationContext {
  std::uint16_t id{0};
  ndr::Guid interface {};
  bool ndr{false};  ///< the first transfer syntax is NDR
};

/// bind and alter_context, 12.6.4.3 and 12.6.4.1. Reads the PDU from its header on.
[[nodiscard]] std::vector<PresentationContext> read_bind(Cursor& pdu);

/// p_result_t: what became of a context.
struct ContextResult {
  static constexpr std::uint16_t kAcceptance = 0;
  static constexpr std::uint16_t kNegotiateAck = 3;  ///< [MS-RPCE] 2.2.2.4: about features

  std::uint16_t result{0};
  std::uint16_t reason{0};
  ndr::Guid transfer_syntax{};
};

/// bind_ack and alter_context_resp, 12.6.4.4 and 12.6.4.2: in the order in which contexts were
/// asked for. Reads the PDU from its header on.
[[nodiscard]] std::vector<ContextResult> read_bind_ack(Cursor& pdu);

/// bind_nak, [MS-RPCE] 2.2.2.9: provider_reject_reason.
[[nodiscard]] std::uint16_t read_bind_nak(Cursor& pdu);

}  // namespace remora::dcerpc
