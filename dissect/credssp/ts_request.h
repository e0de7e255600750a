#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"
#include "dissect/conversation/extent.h"
#include "dissect/conversation/family.h"

namespace remora::credssp {

/// TSRequest, [MS-CSSP] 2.2.1, in DER. What is sealed with the key of the authentication (authInfo,
/// pubKeyAuth) is passed over; whether it is there tells how far the exchange has come.
///
///   TSRequest ::= SEQUENCE { version [0] INTEGER, negoTokens [1] NegoData OPTIONAL,
///     authInfo [2] OCTET STRING OPTIONAL, pubKeyAuth [3] OCTET STRING OPTIONAL,
///     errorCode [4] INTEGER OPTIONAL, clientNonce [5] OCTET STRING OPTIONAL }
struct TsRequest {
  std::uint32_t version{0};           ///< 2 to 6; newer ones may occur
  std::vector<ByteView> nego_tokens;  ///< borrowed from the input
  bool auth_info{false};
  bool pub_key_auth{false};
  /// NTSTATUS of a failure; empty for 0 too, which is none.
  std::optional<std::uint32_t> error_code;
};

/// LIMIT: bytes of one. The largest hold a Kerberos ticket, or the tickets of Remote Credential
/// Guard: [MS-KILE] lets a ticket grow to 64 KB.
inline constexpr std::size_t kMaxTsRequestBytes = 120U << 10U;
/// LIMIT: tokens of one; in practice it has one.
inline constexpr std::size_t kMaxTokens = 8;

/// Where the one at the start of `bytes` ends, by its DER length.
[[nodiscard]] Extent measure_ts_request(ByteView bytes);

/// Reads a whole one. Fields in any order, unknown ones passed over.
[[nodiscard]] TsRequest read_ts_request(Cursor& in);

/// Whether a stream begins with one: a SEQUENCE whose first field is a version that may occur, and
/// whose second is one that follows it. Needs at most twelve bytes.
[[nodiscard]] Verdict recognise_ts_request(ByteView first_bytes);

}  // namespace remora::credssp
