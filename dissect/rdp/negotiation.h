#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "capture/base/address.h"
#include "capture/base/cursor.h"
#include "dissect/rdp/flags.h"

namespace remora::rdp {

/// RDP_NEG_REQ.flags, [MS-RDPBCGR] 2.2.1.1.1.
enum class RequestFlag : std::uint8_t {
  kRestrictedAdminModeRequired = 0x01,
  kRedirectedAuthenticationModeRequired = 0x02,
  kCorrelationInfoPresent = 0x08,
};
using RequestFlags = Flags<RequestFlag>;

/// RDP_NEG_RSP.flags, 2.2.1.2.1.
enum class ResponseFlag : std::uint8_t {
  kExtendedClientDataSupported = 0x01,
  kDynvcGfxProtocolSupported = 0x02,
  kReserved = 0x04,
  kRestrictedAdminModeSupported = 0x08,
  kRedirectedAuthenticationModeSupported = 0x10,
};
using ResponseFlags = Flags<ResponseFlag>;

/// requestedProtocols and selectedProtocol, 2.2.1.1.1. No bit: Standard RDP Security.
enum class SecurityProtocol : std::uint32_t {
  kSsl = 0x01,
  kHybrid = 0x02,
  kRdstls = 0x04,
  kHybridEx = 0x08,
  kRdsAad = 0x10,
};
using SecurityProtocols = Flags<SecurityProtocol>;

/// RDP_NEG_REQ, 2.2.1.1.1.
struct NegotiationRequest {
  RequestFlags flags;
  SecurityProtocols requested_protocols;
};

/// RDP_NEG_RSP, 2.2.1.2.1.
struct NegotiationResponse {
  ResponseFlags flags;
  SecurityProtocols selected_protocol;
};

/// RDP_NEG_FAILURE, 2.2.1.2.2. `negotiation_failure_name` in names.h names the code.
struct NegotiationFailure {
  std::uint8_t flags;
  std::uint32_t failure_code;
};

/// RDP_NEG_CORRELATION_INFO, 2.2.1.1.2. The same id stands in the clear in the RDP-UDP SYN.
struct CorrelationInfo {
  std::array<std::byte, 16> correlation_id;
};

/// The variable part of a Connection Request, 2.2.1.1. Cookie and routing token exclude each other.
struct ConnectionRequest {
  std::optional<std::string> cookie;         ///< what follows "Cookie: mstshash="; valid UTF-8
  std::optional<std::string> routing_token;  ///< any other text before CRLF, whole; valid UTF-8
  std::optional<NegotiationRequest> negotiation;
  std::optional<CorrelationInfo> correlation;
  std::size_t trailing_bytes;  ///< that belong to none of these; 0 in a well-formed request
};

/// The variable part of a Connection Confirm, 2.2.1.2. At most one of the two is there; neither:
/// the server is older than negotiation.
struct ConnectionConfirm {
  std::optional<NegotiationResponse> response;
  std::optional<NegotiationFailure> failure;
  std::size_t trailing_bytes;
};

/// Reads `Tpdu::user_data` of a CR. Never fails: what is not understood counts as trailing.
[[nodiscard]] ConnectionRequest read_connection_request(Cursor& in);

/// Reads `Tpdu::user_data` of a CC. Never fails.
[[nodiscard]] ConnectionConfirm read_connection_confirm(Cursor& in);

/// The eight bytes alone; fails unless type and length are theirs.
[[nodiscard]] NegotiationRequest read_negotiation_request(Cursor& in);
[[nodiscard]] NegotiationResponse read_negotiation_response(Cursor& in);
[[nodiscard]] NegotiationFailure read_negotiation_failure(Cursor& in);
/// The thirty-six bytes alone.
[[nodiscard]] CorrelationInfo read_correlation_info(Cursor& in);

/// The farm member inside a routing token "Cookie: msts=<ip>.<port>.<reserved>": both numbers are
/// decimal and byte-swapped (lowest byte of <ip> is the first octet). Empty for any other text.
[[nodiscard]] std::optional<SocketAddress> decode_msts(std::string_view routing_token);

}  // namespace remora::rdp
