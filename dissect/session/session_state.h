#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "capture/base/rare.h"
#include "dissect/observation/flow.h"
#include "dissect/observation/observation.h"
#include "dissect/session/assistance/admission.h"
#include "dissect/session/assistance/file_transfers.h"
#include "dissect/session/assistance/shared_control.h"
#include "dissect/session/event.h"
#include "dissect/session/inference/sealed_assistance.h"
#include "dissect/session/inference/sealed_login.h"
#include "dissect/session/round_trips.h"
#include "dissect/session/session.h"
#include "dissect/session/shared_files.h"
#include "dissect/session/surroundings.h"

namespace remora::session {

/// One open session: takes in observations and says what follows from each.
///
/// State: the session, and what inference needs. Bounded: names, users and redirections have caps;
/// an anomaly is told once per code.
class SessionState {  // NOLINT(*.Padding): members stand by what they mean
 public:
  /// `client` is the side of the flow that plays the RDP client.
  SessionState(const FlowFacts& flow, const Finding& first, Side client);

  /// Takes in one observation; events that follow are appended to `out`.
  void observe(const FlowFacts& flow, const Finding& finding, Events& out);

  /// Goes on, on another flow, with what a client asks after its negotiation failed.
  void retry(const FlowFacts& flow, const Finding& request, Side client, Events& out);

  /// Adds the final totals of the flow of an attempt that failed and was retried.
  void add_finished_attempt(const FlowFacts& flow);

  /// The carrying flow is over: outcome and end reason are decided. What ends with the session is
  /// told at once.
  void close(const FlowFacts& flow, const FlowClosure& closure, Events& out);

  /// The session goes on: tells what was put off until now.
  void settle(const FlowFacts& flow, Instant at, Events& out);

  /// Appends an event about the session as it stands now.
  void report(Instant at, Happening what, std::vector<Evidence> evidence, Events& out,
              Certainty certainty = Certainty::kObserved, double confidence = 1.0);

  /// Appends `session_closed`. Only after `close`.
  void report_closed(Events& out);

  void refresh(const FlowFacts& flow);

  /// Something told on the flow before the session began; no event follows.
  void remember(const Finding& early);

  /// Tells what of it deserves an event, now that the session is open.
  void observe_early(Finding early, Instant opened, Events& out);

  /// Another flow belongs to the session. `certain`: it says so itself; `rule`: by what.
  void join(const FlowFacts& flow, const Finding& first, bool certain, const char* rule,
            Events& out);
  void observe_joined(const FlowFacts& flow, const Finding& finding, Events& out);
  void refresh_joined(const FlowFacts& flow);
  /// The flow, which was joined, shows that it belongs to the session: by what, as in `join`.
  void prove_joined(const Finding& shown_by, const char* rule, Events& out);
  /// It belongs to another; what is known of it goes there.
  void leave_joined(const FlowFacts& flow, SessionState& to);

  // What was learned beside the session's flows. True where it was new.
  bool know_names(bool of_client, std::span<const EndpointName> names);
  bool know_router(const observation::RouterSeen& seen, bool toward_server, Instant at);
  void know_alternatives(const std::vector<IpAddress>& of_server);
  /// True where the names of the server agree with the ticket's.
  bool know_service_ticket(const ServiceTicket& ticket);
  /// The session uses the Remote Assistance ticket. False where it has a surer one already.
  void add_messenger_accounts(const KnownTicket& ticket);
  [[nodiscard]] bool use_ticket(const KnownTicket& ticket, const TicketLink& link, Instant at);
  /// The ticket was guessed from the listener alone, and the client wants none of the channels that
  /// Remote Assistance is made of.
  [[nodiscard]] bool denies_ticket(const observation::ClientSettings& settings) const;
  /// It is a session of Remote Desktop after all.
  void give_up_ticket(const Finding& finding, Events& out);
  /// The server's machine says that it has these addresses. True where one was new.
  [[nodiscard]] bool know_addresses(const std::vector<IpAddress>& of_server);
  /// The session follows from an offer of Remote Assistance.
  void follow_offer(const Offer& offer);
  /// A router leads from there to the one who waited for the connection. True where it is new.
  [[nodiscard]] bool know_public_side(const SocketAddress& public_side);
  void know_referrer(const std::optional<SocketAddress>& referrer);

  /// Tells what `finding` added.
  void tell_update(const Finding& finding, Events& out) { tell(finding, Updated{}, out); }
  /// Tells that it is one of Remote Assistance, and why.
  void tell_offer(Instant at, const Evidence& evidence, double confidence, Events& out);
  /// Tells that a Kerberos ticket was taken to be for this server. `sure`: its names agree.
  void tell_service_ticket(const Finding& finding, bool sure, Events& out);
  /// Tells that, and why, a ticket was taken to be the session's.
  void tell_ticket(Instant at, Events& out);

  [[nodiscard]] const Session& session() const { return session_; }
  /// What is known of the server, a ticket for another host included, says of whether it is `host`.
  [[nodiscard]] HostFit fit_of_ticket(const std::string& host) const;
  /// Whose networks names and tickets must be of.
  [[nodiscard]] Networks networks() const {
    return {.client = network_of(session_.client_tunnels),
            .server = network_of(session_.server_tunnels)};
  }
  [[nodiscard]] bool closed() const { return closure_.has_value(); }
  [[nodiscard]] bool negotiation_failed() const { return session_.failure.has_value(); }
  [[nodiscard]] Moment failed_at() const { return failed_at_; }

 private:
  /// LIMIT: updates, logons and anomalies told of one session; a peer could repeat their cause
  /// forever.
  static constexpr std::uint64_t kMaxRepeatable = 500;

  void on(const observation::Preconnection& preconnection, const Finding& finding, Events& out);
  void on(const observation::ConnectionRequested& request, const Finding& finding, Events& out);
  void on(const observation::ConnectionConfirmed& confirm, const Finding& finding, Events& out);
  void on(const observation::NegotiationFailed& failed, const Finding& finding, Events& out);
  void on(const observation::ClientSettings& settings, const Finding& finding, Events& out);
  void on(const observation::ServerSettings& settings, const Finding& finding, Events& out);
  void on(const observation::CertificateSeen& certificate, const Finding& finding, Events& out);
  void on(const observation::TlsClientHello& hello, const Finding& finding, Events& out);
  void on(const observation::TlsServerHello& hello, const Finding& finding, Events& out);
  void on(const observation::TlsAlertSeen& alert, const Finding& finding, Events& out);
  void on(const observation::SealedRecord& record, const Finding& finding, Events& out);
  void on(const observation::SealedPdu& pdu, const Finding& finding, Events& out);
  void on(const observation::Accepted& accepted, const Finding& finding, Events& out);
  void on(const observation::LicenseRefused& refused, const Finding& finding, Events& out);
  void on(const observation::LicenseIdentity& identity, const Finding& finding, Events& out);
  void on(const observation::LogonReported& logon, const Finding& finding, Events& out);
  void on(const observation::ClientInfo& info, const Finding& finding, Events& out);
  void on(const observation::ErrorReported& error, const Finding& finding, Events& out);
  void on(const observation::DisconnectAnnounced& disconnect, const Finding& finding, Events& out);
  void on(const observation::ClientPlatform& platform, const Finding& finding, Events& out);
  void on(const observation::Redirected& redirected, const Finding& finding, Events& out);
  void on(const observation::ProxyAsked& asked, const Finding& finding, Events& out);
  void on(const observation::ProxyAnswered& answered, const Finding& finding, Events& out);
  void on(const observation::UdpTransportRequested& request, const Finding& finding, Events& out);
  void on(const observation::UdpTransportAccepted& accepted, const Finding& finding, Events& out);
  void on(const observation::UdpTransportInvited& invited, const Finding& finding, Events& out);
  void on(const observation::TunnelRequested&, const Finding&, Events&) {}
  void on(const observation::TunnelAnswered&, const Finding& finding, Events& out);
  void on(const observation::ChannelsMoved& moved, const Finding& finding, Events& out);
  void on(const observation::GatewaySeen& gateway, const Finding& finding, Events& out);
  void on(const observation::TunnelsSeen& seen, const Finding& finding, Events& out);
  void on(const observation::DistanceChanged& changed, const Finding& finding, Events& out);
  void on(const observation::MidStream&, const Finding&, Events&);
  // Taken in by the tracker, which asks what they mean for which session.
  void on(const observation::RouterSeen&, const Finding&, Events&) {}
  void on(const observation::NameLearned&, const Finding&, Events&) {}
  void on(const observation::HostNamed&, const Finding&, Events&) {}
  void on(const observation::AddressAssigned&, const Finding&, Events&) {}
  void on(const observation::AddressReleased&, const Finding&, Events&) {}
  void on(const observation::AccountSeen&, const Finding&, Events&) {}
  void on(const observation::EndNamed&, const Finding&, Events&) {}
  void on(const observation::EndAccount&, const Finding&, Events&) {}
  void on(const observation::TicketSeen&, const Finding&, Events&) {}
  void on(const observation::TicketRefused&, const Finding&, Events&) {}
  void on(const observation::CopyDeleted&, const Finding&, Events&) {}
  void on(const observation::CopyMoved&, const Finding&, Events&) {}
  void on(const observation::DataFlowExpected&, const Finding&, Events&) {}
  void on(const observation::OfferSeen&, const Finding&, Events&) {}
  void on(const observation::EndAddresses&, const Finding&, Events&) {}
  void on(const observation::PortMappingChanged&, const Finding&, Events&) {}
  void on(const observation::PublicAddressTold&, const Finding&, Events&) {}
  void on(const observation::ConnectionRefused&, const Finding&, Events&) {}
  void on(const observation::TicketNameRevoked&, const Finding&, Events&) {}
  void on(const observation::Authentication& step, const Finding& finding, Events& out);
  void on(const observation::DynamicChannelOpened& opened, const Finding& finding, Events& out);
  void on(const observation::ChannelCompressed& compressed, const Finding& finding, Events& out);
  void on(const observation::GraphicsSent&, const Finding& finding, Events& out);
  void on(const observation::AssistanceMessage& message, const Finding& finding, Events& out);
  void on(const observation::AssistanceCommand& command, const Finding& finding, Events& out);
  void on(const observation::FileStep& step, const Finding& finding, Events& out);
  void on(const observation::ChatSeen&, const Finding& finding, Events& out);
  void on(const observation::ParticipantSeen& participant, const Finding& finding, Events& out);
  void on(const observation::ParticipantLeft& left, const Finding& finding, Events& out);
  void on(const observation::ControlLevel& level, const Finding& finding, Events& out);
  void on(const observation::PicturePaused& paused, const Finding& finding, Events& out);
  void on(const observation::SealedAssistance& sealed, const Finding& finding, Events& out);
  void on(const observation::InputSeen& input, const Finding& finding, Events& out);
  void on(const observation::SharedFileStep& step, const Finding& finding, Events& out);
  void on(const observation::ClientNamed& named, const Finding& finding, Events& out);
  void on(const observation::HeartbeatSeen& heartbeat, const Finding& finding, Events& out);
  void on(const observation::NetworkDetection& detection, const Finding& finding, Events& out);
  void on(const observation::ServerPlatform& platform, const Finding& finding, Events& out);
  void on(const observation::Deactivated&, const Finding& finding, Events& out);
  void on(const observation::MonitorLayoutTold& layout, const Finding& finding, Events& out);
  void on(const observation::ShutdownStep& step, const Finding& finding, Events& out);
  void on(const observation::StatusReported& status, const Finding& finding, Events& out);
  void on(const observation::LogonNotified& notified, const Finding& finding, Events& out);
  void on(const observation::AutoReconnectStep& step, const Finding& finding, Events& out);
  void on(const observation::LicensingStep& step, const Finding& finding, Events& out);
  void on(const observation::Damage& damage, const Finding& finding, Events& out);
  void on(const observation::Anomaly& anomaly, const Finding& finding, Events& out);

  // Network level authentication: session_authentication.cc.
  void authenticate(const observation::Authentication& step, const Finding& shown_by,
                    Instant told_at, Events& out);
  [[nodiscard]] bool identify(const observation::Authentication& step, const Finding& shown_by);
  void tell_login(const observation::Authentication& step, const Finding& shown_by, Instant told_at,
                  Events& out);
  [[nodiscard]] bool decide_authentication();
  void forget_authentication();

  // Remote Assistance: session_assistance.cc.
  void expect_assistance(const observation::ClientSettings& settings);
  void suspect_assistance(const Finding& request, Events& out);
  void on_admission(Admission::Verdict verdict, const Finding& finding, Events& out);
  void on_control(SharedControl::Change change, const Finding& finding, Events& out);
  void presume_control(const SharedControl::Change& change, const Finding& finding, Events& out);
  void note_asking(bool by_expert, bool asks, const Finding& finding);
  void tell_all(std::vector<Happening> happenings, const Finding& finding, Events& out);
  void tell_concluded(std::vector<Conclusion> conclusions, Events& out);
  void learn_name(bool of_expert, const std::string& name, UserSource source,
                  const Finding& finding, Events& out);
  [[nodiscard]] std::string name_of(ControlRole role) const;
  [[nodiscard]] PayloadSoFar payload_so_far() const;
  /// What is told because the session is over.
  [[nodiscard]] Finding end_of(const FlowClosure& closure) const;
  void end_assistance(const FlowClosure& closure, Events& out);
  void accept_postponed(Events& out);

  // Drives and clipboard: session_files.cc.
  void tell_files(std::vector<Happening> happenings, const Finding& finding, Events& out);
  void end_shared_files(const FlowClosure& closure, Events& out);

  /// Of a further flow of the gateway's connection.
  void on_second_channel(const observation::GatewaySeen& gateway);

  // Transports over UDP: session_transports.cc.
  void follow_transport(const FlowFacts& flow, const Finding& finding);
  void count_transport(const FlowFacts& flow);
  [[nodiscard]] UdpTransport* transport_on(FrameNumber flow);
  UdpTransport* open_transport(const FlowFacts& flow, Moment now, Side client);
  [[nodiscard]] Finding as_of_session(const FlowFacts& flow, const Finding& finding) const;

  void add_joined_totals();
  void note_certainty(const Finding& finding);
  [[nodiscard]] bool from_client(const Finding& finding) const { return finding.from == client_; }
  /// Appends an event that the finding shows, as long as not too many were told.
  void tell(const Finding& finding, Happening what, Events& out);
  void accept(Instant at, Accepted::By by, Evidence evidence, Events& out,
              Certainty certainty = Certainty::kObserved, double confidence = 1.0);
  using Names = std::vector<EndpointName>;
  static void add_name(Names& names, const std::string& name, NameSource source, Instant at);
  /// Of the machines that speak RDP, which need not be those whose connection it is.
  [[nodiscard]] Names& names_of_client();
  [[nodiscard]] Names& names_of_server();
  [[nodiscard]] bool add_user(const SessionUser& user);
  void tell_anomaly(const Finding& finding, std::string code, std::string detail, Events& out);
  void tell_repeated_anomalies(Events& out);
  // What the session tells of its course: session_course.cc.
  void on_activation(const Finding& finding);
  void conclude_implementations(const Finding& finding, Events& out);
  void conclude_implementation(std::optional<Implementation>& known,
                               const std::optional<Implementation>& found, const Finding& finding,
                               Events& out);
  void decide_outcome(const FlowFacts& flow);
  [[nodiscard]] Instant over_at() const;
  [[nodiscard]] EndReason decide_end_reason() const;

  Session session_;
  Side client_;
  FlowFacts flow_;                 ///< addresses of the carrying flow
  std::vector<FlowFacts> joined_;  ///< further flows, as last seen
  /// Channels that moved to a kind of transport of which none is known: reliable, lossy.
  std::array<std::vector<std::string>, 2> moved_channels_;
  // Totals of attempts on earlier flows.
  RoleTotals before_client_;
  RoleTotals before_server_;
  std::uint64_t before_gap_bytes_{0};
  std::uint64_t before_retransmitted_{0};
  SealedLogin sealed_login_;
  std::uint32_t sealed_from_client_{0};  ///< encrypted PDUs after Client Info, licensing aside
  bool sealed_from_server_{false};
  std::optional<Side> announced_by_;        ///< who announced the disconnect
  std::vector<Evidence> outcome_evidence_;  ///< where the outcome is inferred
  std::vector<Evidence> end_evidence_;
  struct ToldAnomaly {
    std::string detail;
    Evidence evidence;
    Certainty certainty{};
    std::uint32_t count{1};
  };
  std::map<std::string, ToldAnomaly> anomalies_told_;  ///< by code
  RoundTrips round_trips_;
  bool deactivated_{false};  ///< by the server, which may activate again
  std::optional<Moment> last_input_;
  FrameNumber opened_by_{};
  std::optional<FlowClosure> closure_;
  Moment failed_at_;
  std::uint64_t events_told_{0};
  std::uint64_t repeatable_told_{0};
  bool opened_{false};
  bool refused_{false};
  std::optional<SessionUser> authenticating_;  ///< who the client says it is before RDP begins
  bool authenticated_{false};
  std::optional<Evidence> authentication_refused_;
  /// Keys opened the connection sequence: what it says, its lengths need not tell.
  bool connection_read_{false};
  std::string ticket_host_;  ///< of a Kerberos ticket taken to be for this session

  /// That the server let the client in, while it is open whether the novice does.
  struct Postponed {
    Instant at;
    Accepted::By by{};
    Evidence evidence;
    Certainty certainty{};
    double confidence{1.0};
    PayloadSoFar so_far{};
  };
  bool offered_{false};             ///< it follows an offer of Remote Assistance
  bool joined_late_{false};         ///< the capture begins behind the login
  bool expects_assistance_{false};  ///< its channels were asked for
  Rare<Postponed> postponed_;
  Admission admission_;
  SharedControl control_;
  FileTransfers files_;
  SharedFiles shared_files_;
  Rare<SealedAssistance> sealed_assistance_;  ///< once such a message came
  Instant proven_at_;                         ///< when the expert last gave its proof
  Instant asked_at_;                          ///< when it last asked for control
  PayloadSoFar payload_at_asking_;
  std::string expert_name_;
  std::string novice_name_;
};

/// The side that plays the RDP client, as far as one observation tells.
[[nodiscard]] std::optional<Side> client_side(const Finding& finding);

/// The same where the flow has told `early` before.
[[nodiscard]] std::optional<Side> client_side(const Finding& finding,
                                              const std::vector<Finding>& early);

}  // namespace remora::session
