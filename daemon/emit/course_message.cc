#include "daemon/emit/course_message.h"

#include <chrono>
#include <string>

#include "daemon/emit/session_message.h"

namespace remora::emit {
namespace {

using session::Session;

template <typename Message>
void fill_shown(const session::Shown& shown, Message& to) {
  to.set_frame(to_number(shown.frame));
  to.set_certainty(certainty(shown.certainty));
}

Nanoseconds milliseconds(std::uint32_t number) {
  return std::chrono::milliseconds{number};
}

void fill_heartbeat(const session::Heartbeats& from, v1::Heartbeat& to) {
  fill_duration(std::chrono::seconds{from.last.period}, *to.mutable_period());
  to.set_missed_before_warning(from.last.missed_before_warning);
  to.set_missed_before_reconnect(from.last.missed_before_reconnect);
  to.set_count(from.count);
  fill_shown(from.shown, to);
}

void fill_network(const session::NetworkMeasures& from, v1::NetworkCharacteristics& to) {
  if (from.base_rtt.has_value()) {
    fill_duration(milliseconds(*from.base_rtt), *to.mutable_base_rtt());
  }
  if (from.average_rtt.has_value()) {
    fill_duration(milliseconds(*from.average_rtt), *to.mutable_average_rtt());
  }
  if (from.bandwidth.has_value()) { to.set_bandwidth(*from.bandwidth); }
  to.set_rtt_requests(from.rtt_requests);
  to.set_rtt_responses(from.rtt_responses);
  if (from.round_trips > 0) {
    fill_duration(from.shortest, *to.mutable_client_rtt_min());
    fill_duration(from.sum / static_cast<std::int64_t>(from.round_trips),
                  *to.mutable_client_rtt_average());
    fill_duration(from.longest, *to.mutable_client_rtt_max());
  }
  if (from.bandwidth_measures > 0) { to.set_bandwidth_measures(from.bandwidth_measures); }
  if (from.measured_time.has_value()) {
    fill_duration(milliseconds(*from.measured_time), *to.mutable_measured_time());
  }
  if (from.measured_bytes.has_value()) { to.set_measured_bytes(*from.measured_bytes); }
  if (from.remembered_rtt.has_value()) {
    fill_duration(milliseconds(*from.remembered_rtt), *to.mutable_remembered_rtt());
  }
  if (from.remembered_bandwidth.has_value()) {
    to.set_remembered_bandwidth(*from.remembered_bandwidth);
  }
  fill_shown(from.shown, to);
}

void fill_monitor_layout(const session::ServerMonitors& from, v1::MonitorLayout& to) {
  for (const auto& monitor : from.monitors) { fill(monitor, *to.add_monitors()); }
  fill_shown(from.shown, to);
}

void fill_reactivation(const session::Reactivations& from, v1::Reactivation& to) {
  to.set_count(from.count);
  fill(from.last, *to.mutable_last());
  fill_shown(from.shown, to);
}

void fill_shutdown(const session::ShutdownSteps& from, v1::Shutdown& to) {
  if (from.requested.has_value()) { fill(*from.requested, *to.mutable_requested()); }
  if (from.denied.has_value()) { fill(*from.denied, *to.mutable_denied()); }
  fill_shown(from.shown, to);
}

void fill_status(const session::StatusAt& from, v1::ServerStatus& to) {
  fill(from.at, *to.mutable_time());
  fill(from.status, *to.mutable_status());
  fill_shown(from.shown, to);
}

void fill_notification(const session::NotificationAt& from, v1::LogonNotification& to) {
  fill(from.at, *to.mutable_time());
  fill(from.told.type, *to.mutable_type());
  if (from.told.data.has_value()) { fill(*from.told.data, *to.mutable_data()); }
  if (from.told.windows_session_id.has_value()) {
    to.set_windows_session_id(*from.told.windows_session_id);
  }
  fill_shown(from.shown, to);
}

void fill_auto_reconnect(const session::AutoReconnects& from, v1::AutoReconnect& to) {
  if (from.cookies_given > 0) { to.set_cookies_given(from.cookies_given); }
  if (from.logon_id.has_value()) { to.set_logon_id(*from.logon_id); }
  if (from.shown_logon_id.has_value()) { to.set_shown_logon_id(*from.shown_logon_id); }
  if (from.refused) { to.set_refused(true); }
  fill_shown(from.shown, to);
}

void fill_licensing(const session::LicensingCourse& from, v1::Licensing& to) {
  const auto& says = from.says;
  for (const auto& message : from.messages) { to.add_messages(message); }
  // PREAMBLE_VERSION_2_0 and 3_0, [MS-RDPBCGR] 2.2.1.12.1.1.
  if (says.version != 0) { to.set_version(std::to_string(says.version) + ".0"); }
  if (says.error.has_value()) { fill(*says.error, *to.mutable_error()); }
  if (says.state_transition.has_value()) {
    fill(*says.state_transition, *to.mutable_state_transition());
  }
  if (says.product_version.has_value()) {
    to.set_product_version(std::to_string(*says.product_version >> 16U) + "." +
                           std::to_string(*says.product_version & 0xffffU));
  }
  to.set_company_name(says.company_name);
  to.set_product_id(says.product_id);
  for (const auto& scope : says.scopes) { to.add_scopes(scope); }
  to.set_license_server(says.license_server);
  to.set_license_server_scope(says.license_server_scope);
  if (says.platform_id.has_value()) { to.set_platform_id(*says.platform_id); }
  to.set_machine_name(says.machine_name);
  to.set_user_name(says.user_name);
  fill_shown(from.shown, to);
}

}  // namespace

void fill_course(const Session& from, v1::Session& to) {
  if (from.heartbeats.has_value()) { fill_heartbeat(*from.heartbeats, *to.mutable_heartbeat()); }
  if (from.network.has_value()) { fill_network(*from.network, *to.mutable_network()); }
  if (from.server_monitors.has_value()) {
    fill_monitor_layout(*from.server_monitors, *to.mutable_monitor_layout());
  }
  if (from.reactivations.has_value()) {
    fill_reactivation(*from.reactivations, *to.mutable_reactivation());
  }
  if (from.shutdown.has_value()) { fill_shutdown(*from.shutdown, *to.mutable_shutdown()); }
  for (const auto& status : from.server_status) { fill_status(status, *to.add_server_status()); }
  for (const auto& notification : from.logon_notifications) {
    fill_notification(notification, *to.add_logon_notifications());
  }
  if (from.auto_reconnect.has_value()) {
    fill_auto_reconnect(*from.auto_reconnect, *to.mutable_auto_reconnect());
  }
  if (from.licensing.has_value()) { fill_licensing(*from.licensing, *to.mutable_licensing()); }
}

}  // namespace remora::emit
