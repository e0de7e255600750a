#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "capture/base/cursor.h"

namespace remora::rdp {

/// infoType, [MS-RDPBCGR] 2.2.10.1.1. Any value may occur.
enum class LogonInfoType : std::uint32_t {
  kLogon = 0,
  kLogonLong = 1,
  kPlainNotify = 2,
  kLogonExtendedInfo = 3,
};

/// TS_LOGON_ERRORS_INFO, 2.2.10.1.1.4.1.1. Names in names.h.
struct LogonErrorsInfo {
  std::uint32_t error_notification_type;
  std::uint32_t error_notification_data;
};

/// TS_SAVE_SESSION_INFO_PDU_DATA, 2.2.10.1.1, in any of its four forms.
struct SaveSessionInfo {
  LogonInfoType info_type;
  std::string domain;                                    ///< UTF-8; LOGON and LOGON_LONG
  std::string user_name;                                 ///< UTF-8; LOGON and LOGON_LONG
  std::optional<std::uint32_t> session_id;               ///< Windows session; LOGON and LOGON_LONG
  std::optional<std::uint32_t> auto_reconnect_logon_id;  ///< ARC_SC_PRIVATE_PACKET; its random bits
                                                         ///< are a key and are not kept
  std::optional<LogonErrorsInfo> errors;

  /// A user has logged on; true for all forms but the extended one.
  [[nodiscard]] bool is_logon() const {
    return info_type == LogonInfoType::kLogon || info_type == LogonInfoType::kLogonLong ||
           info_type == LogonInfoType::kPlainNotify;
  }
};

/// Reads `ShareDataPdu::payload`.
[[nodiscard]] SaveSessionInfo read_save_session_info(Cursor& in);

}  // namespace remora::rdp
