// What Tracker knows of Remote Assistance tickets, and which session uses which.

#include <algorithm>
#include <array>
#include <string_view>
#include <variant>

#include "dissect/session/evidence.h"
#include "dissect/session/tracker.h"

namespace remora::session {
namespace {

/// LIMIT: flows and codes remembered as told.
constexpr std::size_t kMaxCarrierAnomalies = 100'000;

/// Anomalies of what carries tickets; all others are of a session.
bool is_of_carrier(std::string_view code) {
  return std::ranges::any_of(std::array<std::string_view, 3>{"http.", "mime.", "ticket."},
                             [&](std::string_view room) { return code.starts_with(room); });
}

}  // namespace

bool Tracker::take_in_ticket(const FlowFacts& flow, const Finding& finding, Events& out) {
  if (DataFlows::concerns(finding)) {
    release(data_flows_.take_in(flow, finding), out);
    return true;
  }
  return tell_ticket(flow, finding, out);
}

void Tracker::release(const std::vector<DataFlows::Held>& ready, Events& out) {
  for (const auto& held : ready) { (void)tell_ticket(held.flow, held.finding, out); }
}

bool Tracker::tell_ticket(const FlowFacts& flow, const Finding& finding, Events& out) {
  if (std::holds_alternative<observation::TicketSeen>(finding.what)) {
    tickets_.on_seen(flow, finding, out);
    const auto& seen = std::get<observation::TicketSeen>(finding.what);
    if (std::string_view{seen.carriage.protocol} == "DCERPC") {
      offers_.on_ticket(flow.of(other(finding.from)).address.address,
                        flow.of(finding.from).address.address, to_ticket_id(seen.ticket.key));
    }
  } else if (std::holds_alternative<observation::TicketRefused>(finding.what)) {
    tickets_.on_refused(flow, finding, out);
  } else if (std::holds_alternative<observation::CopyDeleted>(finding.what)) {
    tickets_.on_copy_deleted(flow, finding, out);
  } else if (std::holds_alternative<observation::CopyMoved>(finding.what)) {
    tickets_.on_copy_moved(flow, finding);
  } else if (std::holds_alternative<observation::DataFlowExpected>(finding.what)) {
    release(data_flows_.expect(flow, finding), out);
  } else {
    return tell_carrier_anomaly(flow, finding, out);
  }
  return true;
}

/// No session will tell what is wrong with a mail or a file. Once a flow and code.
bool Tracker::tell_carrier_anomaly(const FlowFacts& flow, const Finding& finding, Events& out) {
  const auto* anomaly = std::get_if<observation::Anomaly>(&finding.what);
  if (anomaly == nullptr || !is_of_carrier(anomaly->code)) { return false; }
  if (carrier_anomalies_.size() >= kMaxCarrierAnomalies) { carrier_anomalies_.clear(); }
  if (!carrier_anomalies_.emplace(flow.id, anomaly->code).second) { return true; }
  out.emplace_back(TicketEvent{.at = finding.at,
                               .what = CarrierAnomaly{*anomaly},
                               .certainty = Certainty::kObserved,
                               .confidence = 1.0,
                               .evidence = {evidence_of(finding)},
                               .ticket = {},
                               .flow = flow});
  return true;
}

/// What the beginning of a session tells: its preconnection PDU, or else who was called.
std::optional<TicketLink> Tracker::ticket_at_opening(const FlowFacts& flow,
                                                     const SessionState& state, Instant at) const {
  if (const auto& preconnection = state.session().preconnection; preconnection.has_value()) {
    if (auto link = tickets_.by_sid(preconnection->id, at)) { return link; }
  }
  if (flow.transport != Transport::kTcp) { return std::nullopt; }
  auto link = tickets_.by_listener(flow.of(Side::kAcceptor).address, at);
  if (!link.has_value() && !flow.initiator_known) {
    link = tickets_.by_listener(flow.of(Side::kInitiator).address, at);
  }
  return link;
}

/// What one observation of the running session tells.
std::optional<TicketLink> Tracker::ticket_by(const Finding& finding) const {
  if (const auto* settings = std::get_if<observation::ServerSettings>(&finding.what);
      settings != nullptr && settings->public_key_digest.has_value()) {
    return tickets_.by_public_key(*settings->public_key_digest, settings->public_key_sha256,
                                  finding.at);
  }
  if (const auto* certificate = std::get_if<observation::CertificateSeen>(&finding.what)) {
    return tickets_.by_certificate(certificate->sha256, finding.at);
  }
  if (const auto* info = std::get_if<observation::ClientInfo>(&finding.what);
      info != nullptr && info->working_dir_digest.has_value()) {
    return tickets_.by_session_id(*info->working_dir_digest, finding.at);
  }
  if (const auto* message = std::get_if<observation::AssistanceMessage>(&finding.what);
      message != nullptr && message->session_id_digest.has_value()) {
    return tickets_.by_session_id(*message->session_id_digest, finding.at);
  }
  return std::nullopt;
}

/// The novice answered that there is no such ticket, or not any more, [MS-RA] 2.2.6.
void Tracker::withdraw_ticket(const FlowFacts& flow, const SessionState& state,
                              const Finding& finding, Events& out) {
  constexpr std::uint32_t kNotFound = 25;
  constexpr std::uint32_t kExpired = 27;
  constexpr std::uint32_t kStoppedByUser = 51;
  const auto* message = std::get_if<observation::AssistanceMessage>(&finding.what);
  const auto& session = state.session();
  if (message == nullptr || !message->result.has_value() || !session.ticket.has_value() ||
      flow.of(finding.from).address != session.server.address) {
    return;
  }
  const auto code = message->result->code;
  if (code != kNotFound && code != kExpired && code != kStoppedByUser) { return; }
  using How = TicketDeleted::How;
  tickets_.withdraw(
      session.ticket->ticket, code == kStoppedByUser ? How::kStoppedByUser : How::kSessionNotFound,
      flow, session.id, finding.at,
      {.frame = finding.at.frame, .rule = finding.rule, .note = message->result->name}, out);
}

/// A guess from the listener alone does not outlive what the client asks for.
void Tracker::doubt_ticket(SessionState& state, const Finding& finding, Events& out) {
  const auto* settings = std::get_if<observation::ClientSettings>(&finding.what);
  if (settings == nullptr || !state.denies_ticket(*settings)) { return; }
  tickets_.stop_use(state.session().ticket->ticket);
  state.give_up_ticket(finding, out);
}

/// True where the session did not have this ticket, nor a surer one.
bool Tracker::use_ticket(SessionState& state, const std::optional<TicketLink>& link, Instant at) {
  if (!link.has_value()) { return false; }
  const auto before = state.session().ticket;
  const auto* ticket = tickets_.find(link->ticket);
  if (ticket == nullptr || !state.use_ticket(*ticket, *link, at)) { return false; }
  if (before.has_value() && before->ticket == link->ticket) { return true; }
  if (before.has_value()) { tickets_.stop_use(before->ticket); }
  const auto& session = state.session();
  tickets_.use(link->ticket,
               session.initiator_known ? std::optional{session.reverse} : std::nullopt,
               session.reverse ? session.client.address : session.server.address,
               (session.reverse ? session.server : session.client).address.address);
  return true;
}

}  // namespace remora::session
