#include "dissect/session/session_state.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <type_traits>
#include <utility>
#include <variant>

#include "dissect/encoding/host_name.h"
#include "dissect/session/path.h"
#include "dissect/session/session_id.h"

namespace remora::session {
namespace {

// LIMIT: what a peer can make a session remember.
constexpr std::size_t kMaxUsers = 16;
constexpr std::size_t kMaxAnomalies = 32;
// PROTOCOL_HYBRID and PROTOCOL_HYBRID_EX, [MS-RDPBCGR] 2.2.1.1.1.
constexpr std::uint32_t kNetworkLevelAuthentication = 0x2 | 0x8;

// Encrypted PDUs that a client sends after Client Info only once the server has sent Demand Active:
// Confirm Active, Synchronize, Control, Control, Font List ([MS-RDPBCGR] 1.3.1.1). Two might be
// retried licensing under another header; three are not.
constexpr std::uint32_t kActivationPdus = 3;

/// Whoever does nothing for longer than this is not at work.
constexpr std::chrono::minutes kLongestPause{1};

/// That a connection to a gateway carries a desktop, judged by the gateway's name or port.
constexpr double kConfidenceInGateway = 0.7;

/// Dotted decimal or IPv6 text is an address, not a name; every machine is its own localhost.
bool is_name(const std::string& text) {
  return !text.empty() && text != "localhost" && !IpAddress::parse(text).has_value();
}

/// The account that Windows XP makes for the expert; nobody's name ([MS-RA] 2.2.7.2 wants the
/// expert's there).
bool is_help_assistant(const std::string& user) {
  return user.starts_with("HelpAssistant");
}

}  // namespace

std::optional<Side> client_side(const Finding& finding) {
  return std::visit(
      [&](const auto& what) -> std::optional<Side> {
        using What = std::decay_t<decltype(what)>;
        if constexpr (std::is_same_v<What, observation::ConnectionRequested> ||
                      std::is_same_v<What, observation::ClientSettings> ||
                      std::is_same_v<What, observation::UdpTransportRequested> ||
                      std::is_same_v<What, observation::GatewaySeen>) {
          return finding.from;
        } else if constexpr (std::is_same_v<What, observation::ConnectionConfirmed> ||
                             std::is_same_v<What, observation::NegotiationFailed> ||
                             std::is_same_v<What, observation::ServerSettings> ||
                             std::is_same_v<What, observation::UdpTransportAccepted>) {
          return other(finding.from);
        } else if constexpr (std::is_same_v<What, observation::MidStream>) {
          return what.client;
        } else {
          return std::nullopt;
        }
      },
      finding.what);
}

std::optional<Side> client_side(const Finding& finding, const std::vector<Finding>& early) {
  // VMConnect: TLS follows the preconnection PDU at once (protocols-rdp.md 6.5).
  const bool named_machine = std::ranges::any_of(early, [](const Finding& told) {
    return std::holds_alternative<observation::Preconnection>(told.what);
  });
  if (named_machine && std::holds_alternative<observation::TlsClientHello>(finding.what)) {
    return finding.from;
  }
  return client_side(finding);
}

SessionState::SessionState(const FlowFacts& flow, const Finding& first, Side client)
    : client_{client}, opened_by_{first.at.frame} {
  session_.id = make_session_id(flow, first.at);
  session_.transport = flow.transport;
  session_.opened = first.at.time;
  refresh(flow);
}

void SessionState::refresh(const FlowFacts& flow) {
  flow_ = flow;
  session_.initiator_known = flow.initiator_known;
  session_.reverse = flow.initiator_known && client_ == Side::kAcceptor;
  const auto& client = flow.of(client_);
  const auto& server = flow.of(other(client_));
  session_.client.address = client.address;
  session_.client.mac = client.mac;
  session_.client.ttl = client.ttl;
  session_.server.address = server.address;
  session_.server.mac = server.mac;
  session_.server.ttl = server.ttl;
  session_.client_totals = before_client_;
  session_.server_totals = before_server_;
  session_.client_totals.add(client);
  session_.server_totals.add(server);
  session_.gap_bytes = before_gap_bytes_ + client.gap_bytes + server.gap_bytes;
  session_.retransmitted_packets =
      before_retransmitted_ + client.retransmitted_packets + server.retransmitted_packets;
  count_transport(flow);
}

void SessionState::add_finished_attempt(const FlowFacts& flow) {
  const bool low = flow.of(Side::kInitiator).address.address == session_.client.address.address;
  const auto client = low ? Side::kInitiator : Side::kAcceptor;
  before_client_.add(flow.of(client));
  before_server_.add(flow.of(other(client)));
  for (const auto& side : flow.sides) {
    before_gap_bytes_ += side.gap_bytes;
    before_retransmitted_ += side.retransmitted_packets;
  }
}

void SessionState::observe(const FlowFacts& flow, const Finding& finding, Events& out) {
  refresh(flow);
  note_certainty(finding);
  if (flow.transport == Transport::kUdp) { follow_transport(flow, finding); }
  if (!opened_) {
    opened_ = true;
    // The first observation is taken in silently: the event that opens tells it.
    Events told_by_opening;
    std::visit([&](const auto& what) { on(what, finding, told_by_opening); }, finding.what);
    const auto* gateway = std::get_if<observation::GatewaySeen>(&finding.what);
    const bool inferred = gateway != nullptr && gateway->inferred;
    report(finding.at, Opened{}, {evidence_of(finding)}, out,
           inferred ? Certainty::kInferred : finding.certainty,
           inferred ? kConfidenceInGateway : 1.0);
    std::ranges::move(told_by_opening, std::back_inserter(out));
    return;
  }
  std::visit([&](const auto& what) { on(what, finding, out); }, finding.what);
}

void SessionState::note_certainty(const Finding& finding) {
  if (finding.certainty != Certainty::kDecrypted) { return; }
  session_.decrypted = true;
  connection_read_ = connection_read_ ||
                     std::holds_alternative<observation::ClientSettings>(finding.what) ||
                     std::holds_alternative<observation::ServerSettings>(finding.what) ||
                     std::holds_alternative<observation::ClientInfo>(finding.what) ||
                     std::holds_alternative<observation::Accepted>(finding.what) ||
                     std::holds_alternative<observation::LogonReported>(finding.what) ||
                     std::holds_alternative<observation::InputSeen>(finding.what) ||
                     std::holds_alternative<observation::LicenseRefused>(finding.what);
}

void SessionState::retry(const FlowFacts& flow, const Finding& request, Side client, Events& out) {
  if (closure_.has_value()) { add_finished_attempt(flow_); }
  closure_.reset();
  client_ = client;
  session_.failure.reset();
  session_.confirm.reset();
  session_.closed.reset();
  session_.end_reason.reset();
  session_.outcome = Outcome::kUnknown;
  end_evidence_.clear();
  outcome_evidence_.clear();
  forget_authentication();
  ++session_.attempts;
  refresh(flow);
  session_.request = std::get<observation::ConnectionRequested>(request.what);
  report(request.at, Updated{},
         {evidence_of(request), {.frame = request.at.frame, .rule = "session.retry", .note = {}}},
         out);
}

void SessionState::report(Instant at, Happening what, std::vector<Evidence> evidence, Events& out,
                          Certainty certainty, double confidence) {
  out.emplace_back(SessionEvent{.at = at,
                                .what = std::move(what),
                                .certainty = certainty,
                                .confidence = confidence,
                                .evidence = std::move(evidence),
                                .flow_initiator = flow_.of(Side::kInitiator).address,
                                .flow_acceptor = flow_.of(Side::kAcceptor).address,
                                .ordinal = events_told_++,
                                .session = session_});
}

void SessionState::tell(const Finding& finding, Happening what, Events& out) {
  if (++repeatable_told_ > kMaxRepeatable) { return; }
  report(finding.at, std::move(what), {evidence_of(finding)}, out, finding.certainty);
}

void SessionState::accept(Instant at, Accepted::By by, Evidence evidence, Events& out,
                          Certainty certainty, double confidence) {
  if (session_.accepted.has_value()) { return; }
  if (expects_assistance_ && by != Accepted::By::kAssistance) {
    // The server lets everybody in who has a ticket; the novice decides.
    if (!postponed_.has_value()) {
      postponed_ = Postponed{.at = at,
                             .by = by,
                             .evidence = std::move(evidence),
                             .certainty = certainty,
                             .confidence = confidence,
                             .so_far = payload_so_far()};
    }
    return;
  }
  session_.accepted = at.time;
  session_.outcome = Outcome::kEstablished;
  if (certainty == Certainty::kInferred) { outcome_evidence_ = {evidence}; }
  report(at, Accepted{.by = by}, {std::move(evidence)}, out, certainty, confidence);
}

/// Once RDP is spoken, what is said comes from behind a gateway or proxy. Before that, it is the
/// gateway's own.
SessionState::Names& SessionState::names_of_server() {
  const bool behind =
      session_.request.has_value() && (session_.through_gateway || asks_proxy(session_, true));
  return behind ? session_.names_behind_server : session_.server.names;
}

SessionState::Names& SessionState::names_of_client() {
  const bool behind = session_.request.has_value() &&
                      (asks_proxy(session_, false) || is_told_by_balancer(session_));
  return behind ? session_.names_behind_client : session_.client.names;
}

void SessionState::add_name(Names& names, const std::string& name, NameSource source, Instant at) {
  if (!is_name(name)) { return; }
  for (auto& n : names) {
    if (n.name != name) { continue; }
    // What was inferred is confirmed.
    if (n.source == NameSource::kKerberosInferred && source == NameSource::kKerberos) {
      n.source = source;
    }
    if (n.source == source) { return; }
  }
  if (names.size() >= SessionEnd::kMaxNames) { return; }
  names.push_back({.name = name, .source = source, .seen = at});
  if (source == NameSource::kKerberosInferred) { return; }
  for (auto& inferred : names) {
    if (inferred.source == NameSource::kKerberosInferred && may_be_same_host(inferred.name, name)) {
      inferred.source = NameSource::kKerberos;  // something else says so now
    }
  }
}

bool SessionState::add_user(const SessionUser& user) {
  if (user.name.empty() || session_.users.size() >= kMaxUsers) { return false; }
  const bool known = std::ranges::any_of(session_.users, [&](const SessionUser& u) {
    return u.name == user.name && u.domain == user.domain && u.source == user.source;
  });
  if (!known) { session_.users.push_back(user); }
  return !known;
}

void SessionState::tell_anomaly(const Finding& finding, std::string code, std::string detail,
                                Events& out) {
  if (const auto told = anomalies_told_.find(code); told != anomalies_told_.end()) {
    ++told->second.count;
    return;
  }
  if (anomalies_told_.size() >= kMaxAnomalies) { return; }
  anomalies_told_[code] = {
      .detail = detail, .evidence = evidence_of(finding), .certainty = finding.certainty};
  tell(finding, Anomaly{.code = std::move(code), .detail = std::move(detail)}, out);
}

void SessionState::on(const observation::MidStream& seen, const Finding& finding, Events&) {
  // Data flows only once the client was let in; when that was, the capture does not show.
  if (seen.connecting || session_.outcome != Outcome::kUnknown) { return; }
  joined_late_ = true;
  session_.outcome = Outcome::kEstablished;
  outcome_evidence_ = {{.frame = finding.at.frame,
                        .rule = "infer.established.mid_stream",
                        .note = "session data flow in the middle of a connection"}};
}

void SessionState::on(const observation::ConnectionRequested& request, const Finding& finding,
                      Events& out) {
  if (session_.request.has_value()) { return; }
  session_.request = request;
  suspect_assistance(finding, out);
  conclude_implementations(finding, out);
}

void SessionState::on(const observation::ConnectionConfirmed& confirm, const Finding& finding,
                      Events& out) {
  session_.confirm = confirm;
  const auto asked =
      session_.request.value_or(observation::ConnectionRequested{}).requested_protocols.value_or(0);
  const auto chosen = confirm.selected_protocol.value_or(0);
  if (session_.request.has_value() && chosen != 0 && (asked & chosen) == 0) {
    tell_anomaly(finding, "rdp.unrequested_protocol",
                 "the server selected a protocol that the client did not request", out);
  }
  conclude_implementations(finding, out);
}

void SessionState::on(const observation::NegotiationFailed& failed, const Finding& finding,
                      Events& out) {
  session_.failure = failed.failure;
  session_.outcome = Outcome::kNegotiationFailed;
  failed_at_ = finding.at.time;
  if (session_.request.has_value()) { tell(finding, Updated{}, out); }
}

void SessionState::on(const observation::ClientSettings& settings, const Finding& finding,
                      Events& out) {
  session_.client_settings = settings;
  expect_assistance(settings);
  if (settings.client_name.has_value()) {
    add_name(names_of_client(), *settings.client_name, NameSource::kGccClientName, finding.at);
  }
  tell(finding, Updated{}, out);
  if (std::ranges::any_of(settings.channels,
                          [](const auto& channel) { return channel.name == "MS_T120"; })) {
    tell_anomaly(finding, "rdp.ms_t120_requested",
                 "the client asks for the server's internal channel MS_T120 (CVE-2019-0708)", out);
  }
  const auto echoed = settings.server_selected_protocol;
  if (echoed.has_value() && session_.confirm.has_value() &&
      *echoed != session_.confirm->selected_protocol.value_or(0)) {
    tell_anomaly(finding, "rdp.selected_protocol_mismatch",
                 "the client saw another selected protocol than the server sent", out);
  }
}

void SessionState::on(const observation::ServerSettings& settings, const Finding& finding,
                      Events& out) {
  session_.server_settings = settings;
  if (settings.mcs_result.value_or(0) != 0) { refused_ = true; }
  const auto echoed = settings.client_requested_protocols;
  if (echoed.has_value() && session_.request.has_value() &&
      *echoed != session_.request->requested_protocols.value_or(0)) {
    tell_anomaly(finding, "rdp.requested_protocols_mismatch",
                 "the server saw other requested protocols than the client sent", out);
  }
}

void SessionState::on(const observation::CertificateSeen& certificate, const Finding& finding,
                      Events& out) {
  // The server's own certificate is the one its side sends; a smart-card client sends another.
  if (from_client(finding)) { return; }
  session_.certificate = certificate;
  for (const auto& name : certificate.names) {
    add_name(names_of_server(), name, NameSource::kTlsCertificate, finding.at);
  }
  add_name(names_of_server(), certificate.common_name, NameSource::kTlsCertificate, finding.at);
  tell(finding, Updated{}, out);
}

void SessionState::on(const observation::TlsClientHello& hello, const Finding& finding, Events&) {
  if (session_.tls_client.has_value()) { return; }
  session_.tls_client = hello;
  if (hello.sni.has_value()) {
    add_name(names_of_server(), *hello.sni, NameSource::kTlsSni, finding.at);
  }
}

void SessionState::on(const observation::TlsServerHello& hello, const Finding&, Events&) {
  if (!session_.tls_server.has_value()) { session_.tls_server = hello; }
}

void SessionState::on(const observation::TlsAlertSeen&, const Finding&, Events&) {}

void SessionState::on(const observation::SealedRecord& record, const Finding& finding,
                      Events& out) {
  // What RDP-UDP carries is no login.
  if (session_.transport == Transport::kUdp || connection_read_) { return; }
  sealed_login_.on_record(from_client(finding), record, finding.at);
  if (sealed_login_.let_in()) {
    accept(finding.at, Accepted::By::kInferred,
           {.frame = finding.at.frame,
            .rule = "infer.accepted.mcs_ladder",
            .note = "lengths of protected records follow the connection sequence"},
           out, Certainty::kInferred, sealed_login_.confidence());
  }
}

void SessionState::on(const observation::SealedPdu& pdu, const Finding& finding, Events& out) {
  if (pdu.licensing || pdu.client_info || connection_read_ || joined_late_) { return; }
  if (!from_client(finding)) {
    sealed_from_server_ = true;
    return;
  }
  if (sealed_from_server_ && ++sealed_from_client_ == kActivationPdus) {
    accept(finding.at, Accepted::By::kInferred,
           {.frame = finding.at.frame,
            .rule = "infer.accepted.activation_exchange",
            .note = "the client answered what the server encrypted after licensing"},
           out, Certainty::kInferred, 0.9);
  }
}

void SessionState::on(const observation::Accepted& accepted, const Finding& finding, Events& out) {
  if (accepted.by == observation::Accepted::By::kActivation) { on_activation(finding); }
  const auto by = accepted.by == observation::Accepted::By::kLicense ? Accepted::By::kLicense
                                                                     : Accepted::By::kActivation;
  accept(finding.at, by, evidence_of(finding), out, finding.certainty);
}

void SessionState::on(const observation::LogonReported& logon, const Finding& finding,
                      Events& out) {
  const bool succeeded = !logon.error.has_value();
  if (succeeded && logon.windows_session_id.has_value()) {
    session_.windows_session_id = logon.windows_session_id;
  }
  const SessionUser user{.name = logon.user,
                         .domain = logon.domain,
                         .source = UserSource::kSaveSessionInfo,
                         .certainty = finding.certainty};
  if (!is_help_assistant(user.name)) { (void)add_user(user); }
  tell(finding,
       Logon{.user = user,
             .succeeded = succeeded,
             .windows_session_id = logon.windows_session_id,
             .error = logon.error,
             .error_detail = logon.detail,
             .notification = logon.form},
       out);
}

void SessionState::on(const observation::ClientInfo& info, const Finding& finding, Events& out) {
  session_.client_info = info;
  if (encoding::may_be_host_name(info.address)) {
    add_name(names_of_client(), info.address, NameSource::kClientInfo, finding.at);
  }
  if (is_help_assistant(info.user)) {
    session_.kind = SessionKind::kRemoteAssistance;
  } else {
    (void)add_user({.name = info.user,
                    .domain = info.domain,
                    .source = UserSource::kClientInfo,
                    .certainty = finding.certainty});
  }
  tell(finding, Updated{}, out);
}

void SessionState::on(const observation::DisconnectAnnounced& disconnect, const Finding& finding,
                      Events&) {
  // ERROR_GRACEFUL_DISCONNECT: a gateway says that the client has left, [MS-TSGU] 2.2.6.1.
  constexpr std::uint32_t kClientLeft = 0x4ca;
  if (announced_by_.has_value()) { return; }
  announced_by_ = disconnect.reason.code == kClientLeft ? client_ : finding.from;
  session_.disconnect_reason = disconnect.reason;
  end_evidence_.push_back(evidence_of(finding));
}

void SessionState::on(const observation::InputSeen& /*input*/, const Finding& finding, Events&) {
  const auto since = last_input_.has_value() ? finding.at.time - *last_input_ : Nanoseconds{0};
  const bool active = since > Nanoseconds{0} && since <= kLongestPause;
  session_.active_duration =
      session_.active_duration.value_or(Nanoseconds{0}) + (active ? since : Nanoseconds{0});
  last_input_ = std::max(finding.at.time, last_input_.value_or(finding.at.time));
}

void SessionState::on(const observation::Damage& damage, const Finding& finding, Events& out) {
  tell_anomaly(finding, "malformed." + std::string{finding.rule}, damage.what, out);
}

void SessionState::on(const observation::Anomaly& anomaly, const Finding& finding, Events& out) {
  tell_anomaly(finding, anomaly.code, anomaly.detail, out);
}

Finding SessionState::end_of(const FlowClosure& closure) const {
  return {.at = closure.at,
          .from = closure.by,
          .rule = "session.end",
          .what = observation::MidStream{.client = {}, .connecting = false},
          .certainty = session_.decrypted ? Certainty::kDecrypted : Certainty::kObserved};
}

void SessionState::close(const FlowFacts& flow, const FlowClosure& closure, Events& out) {
  refresh(flow);
  end_assistance(closure, out);
  end_shared_files(closure, out);
  closure_ = closure;
  session_.closed = over_at().time;
  session_.end_reason = decide_end_reason();
  decide_outcome(flow);
}

/// One side may have ended before the other sent what shows that it is a session: that is over when
/// it begins, and not before.
Instant SessionState::over_at() const {
  const auto& at = closure_->at;
  const bool before =
      at.time < session_.opened ||
      (at.time == session_.opened && at.frame != FrameNumber{} && at.frame < opened_by_);
  return before ? Instant{.time = session_.opened, .frame = {}} : at;
}

EndReason SessionState::decide_end_reason() const {
  if (announced_by_.has_value()) {
    return *announced_by_ == client_ ? EndReason::kClientDisconnect : EndReason::kServerDisconnect;
  }
  const bool by_client = closure_->by == client_;
  switch (closure_->how) {
    case FlowClosure::How::kFin:
      return by_client ? EndReason::kClientClosed : EndReason::kServerClosed;
    case FlowClosure::How::kReset:
      return by_client ? EndReason::kClientReset : EndReason::kServerReset;
    case FlowClosure::How::kTimeout:
      return EndReason::kTimeout;
    case FlowClosure::How::kCaptureEnd:
      break;
  }
  return EndReason::kCaptureEnd;
}

void SessionState::decide_outcome(const FlowFacts& flow) {
  if (session_.outcome != Outcome::kUnknown || decide_authentication()) { return; }
  const auto& server = flow.of(other(client_));
  const bool closed_by_server =
      closure_->by != client_ &&
      (closure_->how == FlowClosure::How::kFin || closure_->how == FlowClosure::How::kReset);
  if (refused_) {
    session_.outcome = Outcome::kRefused;
  } else if (session_.request.has_value() && server.payload_bytes == 0 && server.packets > 0) {
    session_.outcome = closed_by_server ? Outcome::kRefused : Outcome::kNoResponse;
  } else if (const auto selected = session_.confirm.value_or(observation::ConnectionConfirmed{})
                                       .selected_protocol.value_or(0);
             (selected & kNetworkLevelAuthentication) != 0 && !sealed_login_.authenticated() &&
             !authenticating_.has_value() && !authenticated_ && !connection_read_ &&
             sealed_login_.client_records() >= 2 &&
             closure_->how != FlowClosure::How::kCaptureEnd &&
             // A client may think better of it behind a server that found nothing wrong.
             (closure_->by != client_ || sealed_login_.server_ended_short())) {
    session_.outcome = Outcome::kAuthenticationFailed;
    outcome_evidence_ = {{.frame = closure_->at.frame,
                          .rule = "infer.authentication_failed.no_mcs_ladder",
                          .note = sealed_login_.server_ended_short()
                                      ? "the server's last record fits an error code"
                                      : "the connection ended where authentication does"}};
  }
}

void SessionState::report_closed(Events& out) {
  tell_repeated_anomalies(out);
  auto evidence = end_evidence_;
  const bool seen =
      closure_->how == FlowClosure::How::kFin || closure_->how == FlowClosure::How::kReset;
  if (seen) {
    evidence.push_back({.frame = closure_->at.frame,
                        .rule = closure_->how == FlowClosure::How::kFin ? "tcp.fin" : "tcp.rst",
                        .note = closure_->other_distance
                                    ? "its TTL is not that of what came just before from "
                                      "there: a machine on the way may have sent it"
                                    : ""});
  } else {
    const bool timeout = closure_->how == FlowClosure::How::kTimeout;
    evidence.push_back({.frame = closure_->at.frame,
                        .rule = timeout ? "flow.timeout" : "capture.end",
                        .note = {}});
  }
  std::ranges::copy(outcome_evidence_, std::back_inserter(evidence));
  const bool inferred = closure_->how == FlowClosure::How::kTimeout;
  report(over_at(), Closed{}, std::move(evidence), out,
         inferred ? Certainty::kInferred : Certainty::kObserved, inferred ? 0.9 : 1.0);
}

}  // namespace remora::session
