#include "dissect/rdp/share/save_session_info.h"

#include <algorithm>

#include "dissect/encoding/utf16.h"

namespace remora::rdp {
namespace {

constexpr std::size_t kDomainBytes = 52;     // Logon Info Version 1
constexpr std::size_t kUserNameBytes = 512;  // Logon Info Version 1
constexpr std::size_t kPadBytes = 558;       // Logon Info Version 2

constexpr std::uint32_t kAutoReconnectCookie = 1;  // FieldsPresent
constexpr std::uint32_t kLogonErrors = 2;

/// A text in an array of fixed size, of which so many bytes count.
[[nodiscard]] std::string read_fixed(Cursor& in, std::size_t array_bytes, std::uint32_t used_bytes,
                                     const char* field) {
  const auto bytes = in.bytes(array_bytes, field);
  return encoding::utf16le_to_utf8(bytes.first(std::min<std::size_t>(bytes.size(), used_bytes)));
}

/// TS_LOGON_INFO, 2.2.10.1.1.1.
void read_logon(Cursor& in, SaveSessionInfo& info) {
  const auto domain_bytes = in.u32le("cbDomain");
  info.domain = read_fixed(in, kDomainBytes, domain_bytes, "Domain");
  const auto user_name_bytes = in.u32le("cbUserName");
  info.user_name = read_fixed(in, kUserNameBytes, user_name_bytes, "UserName");
  info.session_id = in.u32le_if_present("SessionId");
}

/// TS_LOGON_INFO_VERSION_2, 2.2.10.1.1.2. SPEC: its Size should count the padding; Windows Server
/// 2019 sends 18, which does not. It is not needed to find the names.
void read_logon_long(Cursor& in, SaveSessionInfo& info) {
  in.skip(2, "Version");
  in.skip(4, "Size");
  info.session_id = in.u32le("SessionId");
  const auto domain_bytes = in.u32le("cbDomain");
  const auto user_name_bytes = in.u32le("cbUserName");
  in.skip(kPadBytes, "Pad");
  info.domain = encoding::utf16le_to_utf8(in.bytes(domain_bytes, "Domain"));
  info.user_name = encoding::utf16le_to_utf8(in.bytes(user_name_bytes, "UserName"));
}

/// ARC_SC_PRIVATE_PACKET, 2.2.4.2.
[[nodiscard]] std::uint32_t read_logon_id(Cursor& in) {
  in.skip(4, "cbLen");
  in.skip(4, "Version");
  return in.u32le("LogonId");
}

[[nodiscard]] LogonErrorsInfo read_logon_errors(Cursor& in) {
  return {.error_notification_type = in.u32le("ErrorNotificationType"),
          .error_notification_data = in.u32le("ErrorNotificationData")};
}

/// TS_LOGON_INFO_EXTENDED, 2.2.10.1.1.4.
void read_extended(Cursor& in, SaveSessionInfo& info) {
  in.skip(2, "Length");
  const auto fields_present = in.u32le("FieldsPresent");
  if ((fields_present & kAutoReconnectCookie) != 0) {
    auto field = in.sub(in.u32le("cbFieldData"), "autoReconnectCookie");
    info.auto_reconnect_logon_id = read_logon_id(field);
  }
  if ((fields_present & kLogonErrors) != 0) {
    auto field = in.sub(in.u32le("cbFieldData"), "logonErrors");
    info.errors = read_logon_errors(field);
  }
}

}  // namespace

SaveSessionInfo read_save_session_info(Cursor& in) {
  SaveSessionInfo info{};
  info.info_type = LogonInfoType{in.u32le("infoType")};
  switch (info.info_type) {
    case LogonInfoType::kLogon:
      read_logon(in, info);
      break;
    case LogonInfoType::kLogonLong:
      read_logon_long(in, info);
      break;
    case LogonInfoType::kLogonExtendedInfo:
      read_extended(in, info);
      break;
    case LogonInfoType::kPlainNotify:
      break;
  }
  return info;
}

}  // namespace remora::rdp
