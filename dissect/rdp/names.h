#pragma once

#include <cstdint>
#include <string_view>

namespace remora::rdp {

// Each gives the specification's name in capitals, without its prefix; empty for a code that the
// table does not have.

/// RDP_NEG_FAILURE.failureCode, [MS-RDPBCGR] 2.2.1.2.2: "SSL_REQUIRED_BY_SERVER".
[[nodiscard]] std::string_view negotiation_failure_name(std::uint32_t code);

/// Reason of an MCS Disconnect Provider Ultimatum, T.125 7: "USER_REQUESTED".
[[nodiscard]] std::string_view disconnect_reason_name(std::uint32_t reason);

/// Reason of an X.224 Disconnect Request, X.224 13.5.3: "NORMAL".
[[nodiscard]] std::string_view x224_disconnect_reason_name(std::uint32_t reason);

/// dwErrorCode of a Licensing Error Message, 2.2.1.12.1.3: "STATUS_VALID_CLIENT".
[[nodiscard]] std::string_view license_error_name(std::uint32_t code);

/// dwStateTransition, 2.2.1.12.1.3: "NO_TRANSITION".
[[nodiscard]] std::string_view license_transition_name(std::uint32_t code);

/// ErrorNotificationType of Logon Errors Info, 2.2.10.1.1.4.1.1: "SESSION_CONTINUE".
[[nodiscard]] std::string_view logon_notification_name(std::uint32_t type);

/// ErrorNotificationData, where it is no session id: "FAILED_BAD_PASSWORD".
[[nodiscard]] std::string_view logon_error_name(std::uint32_t data);

}  // namespace remora::rdp
