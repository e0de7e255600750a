#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "capture/base/bytes.h"
#include "dissect/dcerpc/pdu_header.h"

namespace remora::dcerpc {

/// auth_type, [MS-RPCE] 2.2.1.1.7, as far as named in clear. Any value may occur.
enum class AuthType : std::uint8_t {
  kNone = 0,
  kGssNegotiate = 9,
  kWinNt = 10,
  kGssKerberos = 16,
};

/// sec_trailer before its auth_value, [MS-RPCE] 2.2.2.11.
struct AuthVerifier {
  AuthType type{};
  std::uint8_t level{0};
  std::uint8_t pad_length{0};  ///< bytes between the body and this header
  std::uint32_t context_id{0};
  ByteView value;  ///< the token; borrowed from the PDU
};
inline constexpr std::size_t kVerifierHeaderBytes = 8;

/// The verifier at the end of a whole PDU; empty when it has none.
[[nodiscard]] std::optional<AuthVerifier> find_auth_verifier(const PduHeader& header, ByteView pdu);

}  // namespace remora::dcerpc
