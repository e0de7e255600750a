#include "dissect/rdp/pdu_findings.h"

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "dissect/encoding/digest.h"
#include "dissect/rdp/client_info.h"
#include "dissect/rdp/heartbeat.h"
#include "dissect/rdp/licensing.h"
#include "dissect/rdp/multitransport.h"
#include "dissect/rdp/names.h"
#include "dissect/rdp/network_detection.h"
#include "dissect/rdp/read_or_tell.h"
#include "dissect/rdp/share/capabilities.h"
#include "dissect/rdp/share/error_names.h"
#include "dissect/rdp/share/monitor_layout.h"
#include "dissect/rdp/share/redirection.h"
#include "dissect/rdp/share/save_session_info.h"
#include "dissect/rdp/share/set_error_info.h"

namespace remora::rdp {
namespace {

// ErrorNotificationType, [MS-RDPBCGR] 2.2.10.1.1.4.1.1; or an NTSTATUS.
constexpr std::uint32_t kSessionBusyOptions = 0xfffffff8;
constexpr std::uint32_t kDisconnectRefused = 0xfffffff9;
constexpr std::uint32_t kNoPermission = 0xfffffffa;
constexpr std::uint32_t kSessionTerminate = 0xfffffffd;
constexpr std::uint32_t kSessionContinue = 0xfffffffe;
constexpr std::uint32_t kAccessDenied = 0xffffffff;
constexpr std::uint32_t kNtStatusError = 0xc0000000;  // severity, [MS-ERREF] 2.3
// ErrorNotificationData, likewise.
constexpr std::uint32_t kFailedBadPassword = 0;
constexpr std::uint32_t kFailedUpdatePassword = 1;

observation::NamedCode named(std::uint32_t code, std::string_view name) {
  return {.code = code, .name = std::string{name}};
}

/// A notification that says a logon failed; others only tell how the logon screen goes on.
bool is_failed_logon(const LogonErrorsInfo& errors) {
  const auto type = errors.error_notification_type;
  switch (type) {
    case kNoPermission:
    case kDisconnectRefused:
    case kSessionTerminate:
    case kAccessDenied:
      return true;
    case kSessionContinue:
      return errors.error_notification_data == kFailedBadPassword ||
             errors.error_notification_data == kFailedUpdatePassword;
    default:
      return type >= kNtStatusError && type < kSessionBusyOptions;
  }
}

/// What ErrorNotificationData are: the reason, or else a Windows session.
struct NotificationData {
  std::optional<observation::NamedCode> reason{};
  std::optional<std::uint32_t> windows_session_id{};
};

NotificationData data_of(const LogonErrorsInfo& errors) {
  const auto type = errors.error_notification_type;
  const auto data = errors.error_notification_data;
  if (type == kAccessDenied) { return {}; }  // to be ignored
  const bool dialog = type >= kSessionBusyOptions && type != kSessionContinue;
  const auto name = logon_error_name(data);
  if (dialog || name.empty()) { return {.windows_session_id = data}; }
  return {.reason = named(data, name)};
}

const char* form_of(LogonInfoType type) {
  switch (type) {
    case LogonInfoType::kLogon:
      return "LOGON";
    case LogonInfoType::kLogonLong:
      return "LOGON_LONG";
    case LogonInfoType::kPlainNotify:
      return "PLAIN_NOTIFY";
    case LogonInfoType::kLogonExtendedInfo:
      return "LOGON_EXTENDED_INFO";
  }
  return "";
}

void tell_logon_errors(const SaveSessionInfo& info, Side from, Instant at, Findings& out) {
  const auto& errors = *info.errors;
  auto type = named(errors.error_notification_type,
                    logon_notification_name(errors.error_notification_type));
  auto data = data_of(errors);
  if (is_failed_logon(errors)) {
    out.observe(at, from, "share.save_session_info",
                observation::LogonReported{.form = form_of(info.info_type),
                                           .windows_session_id = data.windows_session_id,
                                           .error = std::move(type),
                                           .detail = std::move(data.reason)});
  } else {
    out.observe(at, from, "share.save_session_info",
                observation::LogonNotified{.type = std::move(type),
                                           .data = std::move(data.reason),
                                           .windows_session_id = data.windows_session_id});
  }
}

void tell_save_session_info(ByteView payload, Side from, Instant at, Findings& out) {
  const auto info =
      read_or_tell(payload, read_save_session_info, "share.save_session_info", from, at, out);
  if (!info.has_value()) { return; }
  if (info->auto_reconnect_logon_id.has_value()) {
    out.observe(
        at, from, "share.save_session_info",
        observation::AutoReconnectStep{.what = observation::AutoReconnectStep::What::kCookieGiven,
                                       .logon_id = info->auto_reconnect_logon_id});
  }
  if (info->is_logon()) {
    out.observe(at, from, "share.save_session_info",
                observation::LogonReported{.form = form_of(info->info_type),
                                           .user = info->user_name,
                                           .domain = info->domain,
                                           .windows_session_id = info->session_id});
  } else if (info->errors.has_value()) {
    tell_logon_errors(*info, from, at, out);
  }
}

void tell_demand_active(ByteView body, Side from, Instant at, Findings& out) {
  // What it says of the server comes first: that it lets the client in is told with it.
  auto active = read_or_tell(body, read_demand_active, "share.demand_active", from, at, out);
  if (active.has_value()) {
    observation::ServerPlatform platform{.source_descriptor = std::move(active->source_descriptor),
                                         .capability_sets = std::move(active->capabilities.types)};
    if (const auto& general = active->capabilities.general; general.has_value()) {
      platform.name = os_major_name(general->os_major_type);
    }
    out.observe(at, from, "share.demand_active", std::move(platform));
  }
  out.observe(at, from, "share.demand_active",
              observation::Accepted{.by = observation::Accepted::By::kActivation});
}

void tell_confirm_active(ByteView body, Side from, Instant at, Findings& out) {
  auto active = read_or_tell(body, read_confirm_active, "share.confirm_active", from, at, out);
  if (!active.has_value()) { return; }
  observation::ClientPlatform platform{.source_descriptor = std::move(active->source_descriptor),
                                       .capability_sets = std::move(active->capabilities.types)};
  if (const auto& general = active->capabilities.general; general.has_value()) {
    platform.os_major = general->os_major_type;
    platform.os_minor = general->os_minor_type;
    platform.name = os_major_name(platform.os_major);
  }
  out.observe(at, from, "share.confirm_active", std::move(platform));
}

void tell_monitor_layout(ByteView payload, Side from, Instant at, Findings& out) {
  const auto layout =
      read_or_tell(payload, read_monitor_layout, "share.monitor_layout", from, at, out);
  if (!layout.has_value()) { return; }
  observation::MonitorLayoutTold told;
  for (const auto& monitor : layout->monitors) { told.monitors.push_back(to_monitor(monitor)); }
  out.observe(at, from, "share.monitor_layout", std::move(told));
}

}  // namespace

void tell_licensing(ByteView data, Side from, Instant at, Findings& out) {
  const auto pdu = read_or_tell(data, read_licensing_pdu, "license.pdu", from, at, out);
  if (!pdu.has_value()) { return; }
  out.observe(at, from, "license.message", to_licensing_step(*pdu));
  const auto type = pdu->preamble.message_type;
  if (type == LicenseMessageType::kNewLicense || type == LicenseMessageType::kUpgradeLicense) {
    out.observe(at, from, "license.granted",
                observation::Accepted{.by = observation::Accepted::By::kLicense});
  } else if (const auto* error = std::get_if<LicenseErrorMessage>(&pdu->message)) {
    if (error->is_valid_client()) {
      out.observe(at, from, "license.valid_client",
                  observation::Accepted{.by = observation::Accepted::By::kLicense});
    } else {
      out.observe(at, from, "license.error",
                  observation::LicenseRefused{
                      .error = named(error->error_code, license_error_name(error->error_code))});
    }
  } else if (const auto* request = std::get_if<NewLicenseRequest>(&pdu->message)) {
    out.observe(at, from, "license.new_license_request",
                observation::LicenseIdentity{.user = request->client_user_name,
                                             .machine = request->client_machine_name});
  }
}

void tell_client_info(ByteView data, Side from, Instant at, Findings& out) {
  auto info = read_or_tell(data, read_client_info, "security.client_info", from, at, out);
  if (!info.has_value()) { return; }
  observation::ClientInfo seen{.user = std::move(info->user_name),
                               .domain = std::move(info->domain),
                               .working_dir_digest = info->working_dir_digest};
  std::optional<std::uint32_t> cookie;
  if (info->extra_info.has_value()) {
    seen.address = std::move(info->extra_info->client_address);
    seen.directory = std::move(info->extra_info->client_dir);
    seen.time_zone = std::move(info->extra_info->standard_name);
    cookie = info->extra_info->auto_reconnect_logon_id;
  }
  out.observe(at, from, "security.client_info", std::move(seen));
  if (cookie.has_value()) {
    out.observe(
        at, from, "security.client_info",
        observation::AutoReconnectStep{.what = observation::AutoReconnectStep::What::kCookieShown,
                                       .logon_id = cookie});
  }
  if (info->damage.has_value()) {
    out.observe(at, from, "security.client_info",
                observation::Damage{.what = info->damage->to_text()});
  }
}

void tell_redirection(ByteView data, Side from, Instant at, Findings& out) {
  const auto packet =
      read_or_tell(data, read_server_redirection, "share.server_redirection", from, at, out);
  if (packet.has_value()) {
    out.observe(at, from, "share.server_redirection", to_redirected(*packet));
  }
}

void tell_network_detection(ByteView data, Side from, Instant at, Findings& out) {
  const auto message =
      read_or_tell(data, read_network_detection, "network.detection", from, at, out);
  if (!message.has_value()) { return; }
  if (const auto told = to_observation(*message)) {
    out.observe(at, from, "network.detection", *told);
  }
}

void tell_heartbeat(ByteView data, Side from, Instant at, Findings& out) {
  const auto heartbeat = read_or_tell(data, read_heartbeat, "network.heartbeat", from, at, out);
  if (heartbeat.has_value()) { out.observe(at, from, "network.heartbeat", *heartbeat); }
}

void tell_multitransport_request(ByteView data, Side from, Instant at, Findings& out) {
  constexpr auto kRule = "multitransport.request";
  const auto request =
      read_or_tell(data, read_initiate_multitransport_request, kRule, from, at, out);
  if (!request.has_value()) { return; }
  out.observe(at, from, kRule,
              observation::UdpTransportInvited{
                  .lossy = request->requested_protocol == InitiateMultitransportRequest::kLossy,
                  .cookie_hash = encoding::sha256(request->security_cookie)});
}

void tell_share_control(const ShareControlPdu& pdu, Side from, Instant at, Findings& out) {
  switch (pdu.type) {
    case SharePduType::kDemandActive:
      tell_demand_active(pdu.body, from, at, out);
      break;
    case SharePduType::kConfirmActive:
      tell_confirm_active(pdu.body, from, at, out);
      break;
    case SharePduType::kServerRedirect:
      if (const auto packet = read_or_tell(pdu.body, read_enhanced_redirection,
                                           "share.server_redirection", from, at, out)) {
        out.observe(at, from, "share.server_redirection", to_redirected(*packet));
      }
      break;
    case SharePduType::kDeactivateAll:
      out.observe(at, from, "share.deactivate_all", observation::Deactivated{});
      break;
    default:
      break;
  }
}

void tell_share_data(const ShareDataPdu& pdu, Side from, Instant at, Findings& out) {
  switch (pdu.type) {
    case ShareDataType::kSaveSessionInfo:
      tell_save_session_info(pdu.payload, from, at, out);
      break;
    case ShareDataType::kSetErrorInfo:
      if (const auto info =
              read_or_tell(pdu.payload, read_set_error_info, "share.set_error_info", from, at, out);
          info.has_value() && info->error_info != 0) {
        out.observe(at, from, "share.set_error_info",
                    observation::ErrorReported{
                        .error = named(info->error_info, error_info_name(info->error_info))});
      }
      break;
    case ShareDataType::kStatusInfo:
      if (const auto info =
              read_or_tell(pdu.payload, read_status_info, "share.status_info", from, at, out)) {
        out.observe(at, from, "share.status_info",
                    observation::StatusReported{
                        .status = named(info->status_code, status_name(info->status_code))});
      }
      break;
    case ShareDataType::kMonitorLayout:
      tell_monitor_layout(pdu.payload, from, at, out);
      break;
    case ShareDataType::kShutdownRequest:
    case ShareDataType::kShutdownDenied:
      out.observe(at, from, "share.shutdown",
                  observation::ShutdownStep{.denied = pdu.type == ShareDataType::kShutdownDenied});
      break;
    case ShareDataType::kArcStatus:
      out.observe(
          at, from, "share.auto_reconnect_status",
          observation::AutoReconnectStep{.what = observation::AutoReconnectStep::What::kRefused});
      break;
    default:
      break;
  }
}

}  // namespace remora::rdp
