#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "remora/v1/session.pb.h"

namespace remora::emit {

// Numbers of the wire in the words of the contract.

/// requestedProtocols, [MS-RDPBCGR] 2.2.1.1.1, strongest last; STANDARD where no bit is set.
[[nodiscard]] std::vector<v1::Negotiation::Protocol> requested_protocols(std::uint32_t bits);
/// selectedProtocol, 2.2.1.2.1; PROTOCOL_UNSPECIFIED for a value that the contract has no word for.
[[nodiscard]] v1::Negotiation::Protocol selected_protocol(std::uint32_t value);
/// Flags of RDP_NEG_REQ and RDP_NEG_RSP; bits without a name as "0x40".
[[nodiscard]] std::vector<std::string> request_flags(std::uint8_t bits);
[[nodiscard]] std::vector<std::string> response_flags(std::uint8_t bits);
/// encryptionMethod and encryptionLevel of SC_SECURITY, 2.2.1.4.3; "0x20" for an unknown one.
[[nodiscard]] std::string encryption_method(std::uint32_t value);
[[nodiscard]] std::string encryption_level(std::uint32_t value);
/// The methods whose bits are set.
[[nodiscard]] std::vector<std::string> encryption_methods(std::uint32_t bits);
/// "TLS1.2"; "SSL3.0"; "0x7f17" for an unknown one.
[[nodiscard]] std::string tls_version(std::uint16_t version);

/// What a client's build number says, protocols-rdp.md 2.5. Empty for a build not in the table.
struct ClientBuild {
  std::string_view operating_system;  ///< "Windows XP"
  std::string_view rdp_version;       ///< "5.1"; empty where CS_CORE.version tells it exactly
};
[[nodiscard]] ClientBuild client_build(std::uint32_t build);
/// CS_CORE.version, 2.2.1.3.2: "4.0", "10.12"; empty for 00080004, which RDP 5.0 to 8.1 share, and
/// for an unknown one.
[[nodiscard]] std::string_view core_version(std::uint32_t version);

/// Result of an MCS Connect-Response, T.125 7: "SUCCESSFUL"; empty for an unknown one.
[[nodiscard]] std::string_view mcs_result_name(std::uint32_t result);

}  // namespace remora::emit
