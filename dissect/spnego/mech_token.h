#pragma once

#include <cstdint>

#include "capture/base/bytes.h"

namespace remora::spnego {

/// The token of a mechanism that names machines or accounts.
struct MechToken {
  enum class Kind : std::uint8_t { kNone, kNtlm, kKerberosApReq };
  Kind kind{Kind::kNone};
  ByteView bytes;  ///< from "NTLMSSP\0", or from the tag of the AP-REQ; borrowed from the blob
};

/// Finds it in a security blob: bare; in the framing of RFC 2743 3.1; in NegTokenInit or
/// NegTokenResp of SPNEGO, RFC 4178 4.2, with or without that framing. Looks two layers deep, never
/// further.
[[nodiscard]] MechToken find_mech_token(ByteView blob);

}  // namespace remora::spnego
