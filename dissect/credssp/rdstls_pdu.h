#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"
#include "dissect/conversation/extent.h"
#include "dissect/conversation/family.h"

namespace remora::credssp {

/// PduType, [MS-RDPBCGR] 2.2.17; any value may occur.
enum class RdstlsType : std::uint16_t {
  kCapabilities = 1,
  kAuthenticationRequest = 2,
  kAuthenticationResponse = 4,
};

/// DataType of an Authentication Request, 2.2.17.2 and 2.2.17.3.
enum class RdstlsCredentials : std::uint16_t { kPassword = 1, kAutoReconnectCookie = 2 };

/// What begins every PDU. Little-endian: Version u16 | PduType u16 | DataType u16.
struct RdstlsHeader {
  std::uint16_t version;
  RdstlsType type;
  std::uint16_t data_type;
};

inline constexpr std::size_t kRdstlsHeaderBytes = 6;

/// Authentication Request with password credentials, 2.2.17.2: RedirectionGuid, UserName, Domain
/// and Password, each behind its length u16. The password, and the cookie of 2.2.17.3, have no
/// field here.
struct RdstlsAuthenticationRequest {
  std::string user;  ///< UTF-8, as the next
  std::string domain;
};

[[nodiscard]] RdstlsHeader read_rdstls_header(Cursor& in);
/// Behind the header.
[[nodiscard]] RdstlsAuthenticationRequest read_rdstls_password_request(Cursor& in);

/// Where the PDU at the start of `bytes` ends. Lost where the header is none, or of credentials
/// that [MS-RDPBCGR] does not have. LIMIT: its lengths have two bytes each.
[[nodiscard]] Extent measure_rdstls_pdu(ByteView bytes);

/// Whether a stream begins with a Capabilities PDU, 2.2.17.1: eight bytes.
[[nodiscard]] Verdict recognise_rdstls(ByteView first_bytes);

}  // namespace remora::credssp
