#pragma once

#include <cstddef>
#include <cstdint>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"
#include "dissect/conversation/extent.h"
#include "dissect/conversation/family.h"

/// Connection-oriented DCE/RPC, [C706] 12.6 with [MS-RPCE] 2.2.2.
namespace remora::dcerpc {

/// PTYPE, [C706] 12.6.1 and [MS-RPCE] 2.2.2.1. Any value may occur.
enum class PduType : std::uint8_t {
  kRequest = 0,
  kResponse = 2,
  kFault = 3,
  kBind = 11,
  kBindAck = 12,
  kBindNak = 13,
  kAlterContext = 14,
  kAlterContextResponse = 15,
  kAuth3 = 16,
  kShutdown = 17,
  kCancel = 18,
  kOrphaned = 19,
};

/// The 16 bytes that begin every PDU, [C706] 12.6.3.1. Numbers in the order that drep tells.
struct PduHeader {
  PduType type{};
  std::uint8_t flags{0};  ///< pfc_flags
  bool little_endian{true};
  std::uint16_t frag_length{0};  ///< of the whole PDU
  std::uint16_t auth_length{0};  ///< of auth_value in the verifier
  std::uint32_t call_id{0};

  static constexpr std::uint8_t kFirstFragment = 0x01;
  static constexpr std::uint8_t kLastFragment = 0x02;
  static constexpr std::uint8_t kObjectUuid = 0x80;  ///< of a request
};
inline constexpr std::size_t kPduHeaderBytes = 16;

/// Fails on what is no DCE/RPC version 5, and on lengths that do not fit into each other.
[[nodiscard]] PduHeader read_pdu_header(Cursor& in);

/// Where the PDU at the start of `bytes` ends. Lost when none can begin so.
[[nodiscard]] Extent measure_pdu(ByteView bytes);

/// By content: a bind or the answer to one, a call or the answer to one.
[[nodiscard]] Verdict recognise(ByteView first_bytes);

}  // namespace remora::dcerpc
