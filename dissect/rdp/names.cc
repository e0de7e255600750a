#include "dissect/rdp/names.h"

namespace remora::rdp {

// [MS-RDPBCGR] 2.2.1.2.2
std::string_view negotiation_failure_name(std::uint32_t code) {
  switch (code) {
    case 1:
      return "SSL_REQUIRED_BY_SERVER";
    case 2:
      return "SSL_NOT_ALLOWED_BY_SERVER";
    case 3:
      return "SSL_CERT_NOT_ON_SERVER";
    case 4:
      return "INCONSISTENT_FLAGS";
    case 5:
      return "HYBRID_REQUIRED_BY_SERVER";
    case 6:
      return "SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER";
    default:
      return {};
  }
}

// T.125 7, Reason
std::string_view disconnect_reason_name(std::uint32_t reason) {
  switch (reason) {
    case 0:
      return "DOMAIN_DISCONNECTED";
    case 1:
      return "PROVIDER_INITIATED";
    case 2:
      return "TOKEN_PURGED";
    case 3:
      return "USER_REQUESTED";
    case 4:
      return "CHANNEL_PURGED";
    default:
      return {};
  }
}

// X.224 13.5.3 d)
std::string_view x224_disconnect_reason_name(std::uint32_t reason) {
  switch (reason) {
    case 0:
      return "NOT_SPECIFIED";
    case 1:
      return "CONGESTION_AT_TSAP";
    case 2:
      return "SESSION_ENTITY_NOT_ATTACHED";
    case 3:
      return "ADDRESS_UNKNOWN";
    case 128:
      return "NORMAL";
    case 129:
      return "REMOTE_CONGESTION";
    case 130:
      return "NEGOTIATION_FAILED";
    case 131:
      return "DUPLICATE_SOURCE_REFERENCE";
    case 132:
      return "MISMATCHED_REFERENCES";
    case 133:
      return "PROTOCOL_ERROR";
    case 135:
      return "REFERENCE_OVERFLOW";
    case 136:
      return "CONNECTION_REQUEST_REFUSED";
    case 138:
      return "INVALID_LENGTH";
    default:
      return {};
  }
}

// [MS-RDPBCGR] 2.2.1.12.1.3
std::string_view license_error_name(std::uint32_t code) {
  switch (code) {
    case 0x1:
      return "INVALID_SERVER_CERTIFICATE";
    case 0x2:
      return "NO_LICENSE";
    case 0x3:
      return "INVALID_MAC";
    case 0x4:
      return "INVALID_SCOPE";
    case 0x6:
      return "NO_LICENSE_SERVER";
    case 0x7:
      return "STATUS_VALID_CLIENT";
    case 0x8:
      return "INVALID_CLIENT";
    case 0xb:
      return "INVALID_PRODUCTID";
    case 0xc:
      return "INVALID_MESSAGE_LEN";
    default:
      return {};
  }
}

// [MS-RDPBCGR] 2.2.1.12.1.3
std::string_view license_transition_name(std::uint32_t code) {
  switch (code) {
    case 0x1:
      return "TOTAL_ABORT";
    case 0x2:
      return "NO_TRANSITION";
    case 0x3:
      return "RESET_PHASE_TO_START";
    case 0x4:
      return "RESEND_LAST_MESSAGE";
    default:
      return {};
  }
}

// [MS-RDPBCGR] 2.2.10.1.1.4.1.1
std::string_view logon_notification_name(std::uint32_t type) {
  switch (type) {
    case 0xfffffff8:
      return "SESSION_BUSY_OPTIONS";
    case 0xfffffff9:
      return "DISCONNECT_REFUSED";
    case 0xfffffffa:
      return "NO_PERMISSION";
    case 0xfffffffb:
      return "BUMP_OPTIONS";
    case 0xfffffffc:
      return "RECONNECT_OPTIONS";
    case 0xfffffffd:
      return "SESSION_TERMINATE";
    case 0xfffffffe:
      return "SESSION_CONTINUE";
    case 0xffffffff:
      return "ACCESS_DENIED";
    default:
      return {};
  }
}

std::string_view logon_error_name(std::uint32_t data) {
  switch (data) {
    case 0:
      return "FAILED_BAD_PASSWORD";
    case 1:
      return "FAILED_UPDATE_PASSWORD";
    case 2:
      return "FAILED_OTHER";
    case 3:
      return "WARNING";
    default:
      return {};
  }
}

}  // namespace remora::rdp
