// What a session that can be read tells of its course, and what its two programs give away.

#include <algorithm>
#include <string>
#include <utility>

#include "dissect/session/inference/implementation.h"
#include "dissect/session/session_state.h"
#include "dissect/session/take.h"

namespace remora::session {
namespace {

// LIMIT: what a peer can make a session remember.
constexpr std::size_t kMaxRedirections = 8;
constexpr std::size_t kMaxNotices = 16;
constexpr std::size_t kMaxLicensingMessages = 16;
constexpr std::size_t kMaxScopes = 8;

[[nodiscard]] Shown shown_by(const Finding& finding) {
  return {.frame = finding.at.frame, .certainty = finding.certainty};
}

/// The fact, made where it is the first of its kind, and who shows it now.
template <typename Optional>
auto& note(Optional& fact, const Finding& finding) {
  if (!fact.has_value()) { fact.emplace(); }
  fact->shown = shown_by(finding);
  return *fact;
}

void merge(observation::LicensingStep& into, const observation::LicensingStep& step) {
  if (step.version != 0) { into.version = step.version; }
  take(into.error, step.error);
  take(into.state_transition, step.state_transition);
  take(into.product_version, step.product_version);
  take(into.company_name, step.company_name);
  take(into.product_id, step.product_id);
  take(into.license_server, step.license_server);
  take(into.license_server_scope, step.license_server_scope);
  take(into.platform_id, step.platform_id);
  take(into.machine_name, step.machine_name);
  take(into.user_name, step.user_name);
  for (const auto& scope : step.scopes) {
    if (into.scopes.size() < kMaxScopes &&
        std::ranges::find(into.scopes, scope) == into.scopes.end()) {
      into.scopes.push_back(scope);
    }
  }
}

void add_round_trip(NetworkMeasures& network, Nanoseconds took) {
  network.shortest = network.round_trips == 0 ? took : std::min(network.shortest, took);
  network.longest = std::max(network.longest, took);
  network.sum += took;
  ++network.round_trips;
}

}  // namespace

void SessionState::on(const observation::LicenseRefused& refused, const Finding& finding, Events&) {
  refused_ = true;
  session_.error = refused.error;
  end_evidence_.push_back(evidence_of(finding));
}

void SessionState::on(const observation::LicenseIdentity& identity, const Finding& finding,
                      Events& out) {
  add_name(names_of_client(), identity.machine, NameSource::kLicense, finding.at);
  if (add_user({.name = identity.user,
                .domain = {},
                .source = UserSource::kLicense,
                .certainty = finding.certainty})) {
    tell(finding, Updated{}, out);
  }
}

void SessionState::on(const observation::ErrorReported& error, const Finding& finding, Events&) {
  session_.error = error.error;
  end_evidence_.push_back(evidence_of(finding));
}

void SessionState::on(const observation::Redirected& redirected, const Finding& finding,
                      Events& out) {
  if (session_.redirections.size() >= kMaxRedirections) { return; }
  session_.redirections.push_back({.told = redirected, .at = finding.at.time});
  (void)add_user({.name = redirected.user,
                  .domain = redirected.domain,
                  .source = UserSource::kRedirection,
                  .certainty = finding.certainty});
  tell(finding, Updated{}, out);
}

void SessionState::on(const observation::ClientPlatform& platform, const Finding& finding,
                      Events& out) {
  session_.platform = platform;
  conclude_implementations(finding, out);
}

/// How often in all, once nothing more can come.
void SessionState::tell_repeated_anomalies(Events& out) {
  for (const auto& [code, told] : anomalies_told_) {
    if (told.count < 2 || ++repeatable_told_ > kMaxRepeatable) { continue; }
    report(closure_->at, Anomaly{.code = code, .detail = told.detail, .count = told.count},
           {told.evidence}, out, told.certainty);
  }
}

void SessionState::on(const observation::LicensingStep& step, const Finding& finding, Events&) {
  auto& licensing = note(session_.licensing, finding);
  if (!step.message.empty() && licensing.messages.size() < kMaxLicensingMessages) {
    licensing.messages.push_back(step.message);
  }
  merge(licensing.says, step);
}

void SessionState::on(const observation::HeartbeatSeen& heartbeat, const Finding& finding,
                      Events&) {
  auto& heartbeats = note(session_.heartbeats, finding);
  heartbeats.last = heartbeat;
  ++heartbeats.count;
}

void SessionState::on(const observation::NetworkDetection& detection, const Finding& finding,
                      Events&) {
  using Kind = observation::NetworkDetection::Kind;
  auto& network = note(session_.network, finding);
  switch (detection.kind) {
    case Kind::kRttRequest:
      ++network.rtt_requests;
      round_trips_.on_request(detection.sequence, finding.at.time);
      break;
    case Kind::kRttResponse:
      ++network.rtt_responses;
      if (const auto took = round_trips_.on_response(detection.sequence, finding.at.time)) {
        add_round_trip(network, *took);
      }
      break;
    case Kind::kBandwidthResults:
      ++network.bandwidth_measures;
      network.measured_time = detection.time_delta;
      network.measured_bytes = detection.byte_count;
      break;
    case Kind::kCharacteristics:
      take(network.base_rtt, detection.base_rtt);
      take(network.average_rtt, detection.average_rtt);
      take(network.bandwidth, detection.bandwidth);
      break;
    case Kind::kCharacteristicsSync:
      network.remembered_rtt = detection.base_rtt;
      network.remembered_bandwidth = detection.bandwidth;
      break;
  }
}

void SessionState::on(const observation::ServerPlatform& platform, const Finding& finding,
                      Events& out) {
  session_.server_platform = platform;
  conclude_implementations(finding, out);
}

void SessionState::on(const observation::Deactivated&, const Finding&, Events&) {
  deactivated_ = true;
}

void SessionState::on_activation(const Finding& finding) {
  if (!std::exchange(deactivated_, false)) { return; }
  auto& reactivations = note(session_.reactivations, finding);
  ++reactivations.count;
  reactivations.last = finding.at.time;
}

void SessionState::on(const observation::MonitorLayoutTold& layout, const Finding& finding,
                      Events&) {
  note(session_.server_monitors, finding).monitors = layout.monitors;
}

void SessionState::on(const observation::ShutdownStep& step, const Finding& finding, Events&) {
  auto& shutdown = note(session_.shutdown, finding);
  (step.denied ? shutdown.denied : shutdown.requested) = finding.at.time;
}

void SessionState::on(const observation::StatusReported& status, const Finding& finding,
                      Events& out) {
  if (session_.server_status.size() >= kMaxNotices) { return; }
  session_.server_status.push_back(
      {.at = finding.at.time, .status = status.status, .shown = shown_by(finding)});
  tell(finding, Updated{}, out);
}

void SessionState::on(const observation::LogonNotified& notified, const Finding& finding,
                      Events& out) {
  if (session_.logon_notifications.size() >= kMaxNotices) { return; }
  session_.logon_notifications.push_back(
      {.at = finding.at.time, .told = notified, .shown = shown_by(finding)});
  tell(finding, Updated{}, out);
}

void SessionState::on(const observation::AutoReconnectStep& step, const Finding& finding,
                      Events& out) {
  using What = observation::AutoReconnectStep::What;
  auto& reconnect = note(session_.auto_reconnect, finding);
  switch (step.what) {
    case What::kCookieGiven:  // when a user logs on, and each hour
      ++reconnect.cookies_given;
      reconnect.logon_id = step.logon_id;
      return;
    case What::kCookieShown:
      reconnect.shown_logon_id = step.logon_id;
      break;
    case What::kRefused:
      reconnect.refused = true;
      break;
  }
  tell(finding, Updated{}, out);
}

void SessionState::conclude_implementations(const Finding& finding, Events& out) {
  conclude_implementation(session_.client_implementation, client_implementation(session_), finding,
                          out);
  conclude_implementation(session_.server_implementation, server_implementation(session_), finding,
                          out);
}

void SessionState::conclude_implementation(std::optional<Implementation>& known,
                                           const std::optional<Implementation>& found,
                                           const Finding& finding, Events& out) {
  if (!found.has_value() || (known.has_value() && known->confidence >= found->confidence)) {
    return;
  }
  known = found;
  if (++repeatable_told_ > kMaxRepeatable) { return; }
  report(finding.at, Updated{},
         {{.frame = finding.at.frame, .rule = found->rule, .note = found->note}}, out,
         Certainty::kInferred, found->confidence);
}

}  // namespace remora::session
