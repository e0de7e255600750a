#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "capture/base/address.h"
#include "capture/base/frame.h"
#include "capture/base/time.h"
#include "dissect/observation/flow.h"
#include "dissect/observation/observation.h"
#include "dissect/session/session_event.h"
#include "dissect/session/session_state.h"

namespace remora::session {

/// Joins what was observed on flows into sessions, and says what happened to them.
///
///   first observation ─► opened ─► accepted ─► closed
///                           │  └─ negotiation failed ─► waits for a retry ─► opened flow goes on
///                           └─ updated, logon, anomaly: any number, at any time
///
/// A client whose negotiation failed and who asks again within two seconds with other protocols
/// (protocols-rdp.md 1.4) goes on with the same session: one attempt of one user, not several.
///
/// State: open sessions; bounded by the flows that carry them. Knows capture time only. Same calls,
/// same events.
class Tracker {
 public:
  Tracker() = default;

  /// One observation; `flow` is as it stands at that packet. Events are appended to `out`.
  void observe(const FlowFacts& flow, const Finding& finding, std::vector<SessionEvent>& out);

  /// The flow is still alive and long: its session is reported once more with its totals so far.
  void still_open(const FlowFacts& flow, Instant at, std::vector<SessionEvent>& out);

  /// The flow is over.
  void flow_closed(const FlowFacts& flow, const FlowClosure& closure,
                   std::vector<SessionEvent>& out);

  /// Capture time has come to `now`: closes what waited for a retry in vain.
  void advance(Moment now, std::vector<SessionEvent>& out);

  /// The capture ended.
  void finish(std::vector<SessionEvent>& out);

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

  using OpenSessions = std::map<FrameNumber, std::unique_ptr<SessionState>>;

  [[nodiscard]] SessionState* find(const FlowFacts& flow);
  SessionState* open(const FlowFacts& flow, const Finding& finding, std::vector<SessionEvent>& out);
  [[nodiscard]] SessionState* resume_failed(const FlowFacts& flow, const Finding& finding,
                                            std::vector<SessionEvent>& out);
  void wait_for_retry(FrameNumber flow, const SessionState& state, std::vector<SessionEvent>& out);
  [[nodiscard]] bool waits_for_retry(FrameNumber flow, const SessionState& state) const;
  void close(OpenSessions::iterator place, std::vector<SessionEvent>& out);

  OpenSessions open_;                            ///< by the flow that carries them now
  std::map<FrameNumber, FrameNumber> replaced_;  ///< flow of a failed attempt, flow of its retry
  std::map<FrameNumber, observation::Preconnection> preconnections_;  ///< by flow, until it opens
  std::map<Pair, Waiting> failed_;
  Moment next_failed_{Moment::max()};  ///< no entry of `failed_` runs out before
};

}  // namespace remora::session
