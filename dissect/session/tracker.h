#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "capture/base/address.h"
#include "capture/base/frame.h"
#include "capture/base/time.h"
#include "dissect/observation/flow.h"
#include "dissect/observation/observation.h"
#include "dissect/session/data_flows.h"
#include "dissect/session/event.h"
#include "dissect/session/offer_book.h"
#include "dissect/session/port_mappings.h"
#include "dissect/session/session_state.h"
#include "dissect/session/surroundings.h"
#include "dissect/session/ticket_book.h"

namespace remora::session {

/// Joins what was observed on flows into sessions, and says what happened to them.
///
///   first observation ─► opened ─► accepted ─► closed
///                           │  └─ negotiation failed ─► waits for a retry ─► opened flow goes on
///                           └─ updated, logon, anomaly: any number, at any time
///
/// A client whose negotiation failed and who asks again within two seconds with other protocols
/// (protocols-rdp.md 1.4) goes on with the same session: one attempt of one user, not several. A
/// UDP transport, and the second channel to a gateway, join the session that they belong to.
///
/// State: open sessions, bounded by the flows that carry them; what flows told before their session
/// began; the surroundings. Knows capture time only. Same calls, same events.
class Tracker {
 public:
  /// LIMIT: `names_bytes` for the names of addresses.
  explicit Tracker(std::size_t names_bytes = NameBook::kDefaultBytes)
      : surroundings_{names_bytes} {}

  /// One observation; `flow` is as it stands at that packet. Events are appended to `out`.
  void observe(const FlowFacts& flow, const Finding& finding, Events& out);

  /// The flow is still alive and long: its session is reported once more with its totals so far.
  void still_open(const FlowFacts& flow, Instant at, Events& out);

  /// The flow is over.
  void flow_closed(const FlowFacts& flow, const FlowClosure& closure, Events& out);

  /// The flow turned out to carry no session, whatever was observed on it.
  void flow_dismissed(FrameNumber flow) { early_.erase(flow); }

  /// Capture time has come to `now`: closes what waited for a retry in vain.
  void advance(Moment now, Events& out);

  /// The capture ended.
  void finish(Events& out);

  [[nodiscard]] std::size_t open_sessions() const { return open_.size(); }

 private:
  /// Who may retry a negotiation with whom.
  struct Pair {
    IpAddress client;
    SocketAddress server;
    auto operator<=>(const Pair&) const = default;
  };
  struct Waiting {
    FrameNumber flow{};
    Moment until;
  };

  using OpenSessions = std::unordered_map<FrameNumber, std::unique_ptr<SessionState>>;

  [[nodiscard]] SessionState* find(FrameNumber flow);
  SessionState* open(const FlowFacts& flow, const Finding& finding, Events& out);
  void introduce(const Finding& first, SessionState& state);
  [[nodiscard]] SessionState* resume_failed(const FlowFacts& flow, const Finding& finding,
                                            Events& out);
  void wait_for_retry(FrameNumber flow, const SessionState& state, Events& out);
  [[nodiscard]] bool waits_for_retry(FrameNumber flow, const SessionState& state) const;
  void close(OpenSessions::iterator place, Events& out);
  /// Open sessions with this end, the latest first; not more than a few of them.
  [[nodiscard]] std::vector<FrameNumber> flows_with_end(const IpAddress& address) const;
  void index(FrameNumber flow, const SessionState& state);
  void forget(FrameNumber flow, const SessionState& state);

  [[nodiscard]] bool remember_early(const FlowFacts& flow, const Finding& finding);
  /// Gives what was remembered to the flow's session. What is left, anomalies and what was read of
  /// a login, is to be told when the session has opened.
  [[nodiscard]] std::vector<Finding> recall(FrameNumber flow, SessionState& state);
  [[nodiscard]] bool overhear(const FlowFacts& flow, const Finding& finding, Events& out);
  void tell_name(const observation::NameLearned& learned, const FlowFacts& flow,
                 const Finding& finding, Events& out);
  void refresh_names(const IpAddress& address, const FlowFacts& flow, const Finding& finding,
                     Events& out);
  void add_router(const FlowFacts& flow, const Finding& finding, Events& out);
  void add_service_ticket(const observation::AccountSeen& account, const FlowFacts& flow,
                          const Finding& finding, Events& out);
  [[nodiscard]] bool take_in_ticket(const FlowFacts& flow, const Finding& finding, Events& out);
  [[nodiscard]] bool tell_ticket(const FlowFacts& flow, const Finding& finding, Events& out);
  void release(const std::vector<DataFlows::Held>& ready, Events& out);
  [[nodiscard]] bool tell_carrier_anomaly(const FlowFacts& flow, const Finding& finding,
                                          Events& out);
  [[nodiscard]] std::optional<TicketLink> ticket_at_opening(const FlowFacts& flow,
                                                            const SessionState& state,
                                                            Instant at) const;
  [[nodiscard]] std::optional<TicketLink> ticket_by(const Finding& finding) const;
  void withdraw_ticket(const FlowFacts& flow, const SessionState& state, const Finding& finding,
                       Events& out);
  void doubt_ticket(SessionState& state, const Finding& finding, Events& out);
  [[nodiscard]] bool use_ticket(SessionState& state, const std::optional<TicketLink>& link,
                                Instant at);
  [[nodiscard]] bool take_in_offer(const FlowFacts& flow, const Finding& finding, Events& out);
  [[nodiscard]] bool take_in_reachability(const FlowFacts& flow, const Finding& finding,
                                          Events& out);
  void find_public_side(const FlowFacts& flow, SessionState& state, Moment now) const;
  void infer_ticket(const FlowFacts& flow, const Finding& finding, Events& out);
  void tell_offers(std::vector<OfferEvent> offers, Moment now, Events& out);
  /// Why the session is taken to follow from an offer, and how surely.
  struct OfferReason {
    Evidence evidence;
    double confidence{1.0};
  };
  [[nodiscard]] std::optional<OfferReason> follow_offer(SessionState& state, Instant at);
  [[nodiscard]] SessionState* join(const FlowFacts& flow, const Finding& finding, Events& out);
  /// The session that a further flow belongs to.
  struct Join {
    SessionState* state{nullptr};
    FrameNumber flow{};  ///< of the session
    bool certain{false};
    const char* rule{""};
  };
  [[nodiscard]] Join best_join(const FlowFacts& flow, const Finding& finding);
  void observe_joined(const FlowFacts& flow, const Finding& finding, Events& out);

  OpenSessions open_;  ///< by the flow that carries them now
  /// The keys of `open_` by the addresses of both ends.
  std::set<std::pair<IpAddress, FrameNumber>> ends_;
  std::map<FrameNumber, FrameNumber> replaced_;  ///< flow of a failed attempt, flow of its retry
  std::map<FrameNumber, FrameNumber> joined_;    ///< further flow of a session, its first
  std::map<FrameNumber, std::vector<Finding>> early_;  ///< by flow, until its session opens
  std::map<Pair, Waiting> failed_;
  Moment next_failed_{Moment::max()};  ///< no entry of `failed_` runs out before
  std::set<std::pair<FrameNumber, std::string>> carrier_anomalies_;  ///< told, by flow
  Surroundings surroundings_;
  TicketBook tickets_;
  DataFlows data_flows_;
  OfferBook offers_;
  PortMappings mappings_;
};

}  // namespace remora::session
