#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "capture/base/address.h"
#include "capture/base/frame.h"
#include "capture/base/time.h"
#include "dissect/observation/flow.h"
#include "dissect/observation/observation.h"
#include "dissect/session/event.h"
#include "dissect/session/session.h"

namespace remora::session {

/// The handle of the ticket that has this key.
[[nodiscard]] TicketId to_ticket_id(const observation::Sha256& key);

/// Every ticket that was seen, from its first copy to the end of its validity, and what tells which
/// session used it (protocols-ra.md 1.5 to 1.7).
///
///   first copy ─► created ─► used, any number ─► expired, or deleted ─► forgotten a day later
///
/// State: LIMIT kMaxTickets; beyond it the one that runs out first is forgotten. What a ticket
/// lists is capped too. Knows capture time only. Same calls, same events.
class TicketBook {
 public:
  static constexpr std::size_t kMaxTickets = 100'000;

  void on_seen(const FlowFacts& flow, const Finding& finding, Events& out);
  void on_refused(const FlowFacts& flow, const Finding& finding, Events& out);
  void on_copy_deleted(const FlowFacts& flow, const Finding& finding, Events& out);

  /// Where copies lie is followed, so that their deletion is known; tells nothing.
  void on_copy_moved(const FlowFacts& flow, const Finding& finding);
  void on_name_revoked(const FlowFacts& flow, const Finding& finding, Events& out);
  /// The tickets that list `listener` cannot be reached any more.
  void on_listener_gone(const SocketAddress& listener, TicketDeleted::How how,
                        const FlowFacts& flow, const Finding& finding, Events& out);

  /// Capture time has come to `now`: tells what ran out.
  void advance(Moment now, Events& out);

  /// Tickets that one observation of a session points to, the surest first.
  [[nodiscard]] std::optional<TicketLink> by_listener(const SocketAddress& acceptor,
                                                      Instant now) const;
  [[nodiscard]] std::optional<TicketLink> by_sid(std::uint32_t sid, Instant now) const;
  /// By KH2 where a ticket has it, else by KH, [MS-RAI] 2.2.2.
  [[nodiscard]] std::optional<TicketLink> by_public_key(
      const observation::Sha1& digest, const std::optional<observation::Sha256>& sha256,
      Instant now) const;
  [[nodiscard]] std::optional<TicketLink> by_certificate(const observation::Sha256& digest,
                                                         Instant now) const;
  [[nodiscard]] std::optional<TicketLink> by_session_id(const observation::Sha256& digest,
                                                        Instant now) const;

  /// A connection to `listener` was refused: the tickets that list it and were used there are over,
  /// as far as one refusal tells.
  void on_listener_refused(const SocketAddress& listener, const FlowFacts& flow,
                           const Finding& finding, Events& out);

  /// A session of `caller` uses the ticket. `reverse`: the one who waited, at `listener`, is the
  /// RDP client.
  void use(const TicketId& id, std::optional<bool> reverse, const SocketAddress& listener,
           const IpAddress& caller);
  /// It turned out to use another.
  void stop_use(const TicketId& id);
  /// A session's end told that the ticket is not valid any more.
  void withdraw(const TicketId& id, TicketDeleted::How how, const FlowFacts& flow,
                const SessionId& session, Instant at, Evidence evidence, Events& out);

  /// Null for one that was forgotten.
  [[nodiscard]] const KnownTicket* find(const TicketId& id) const;
  [[nodiscard]] std::size_t size() const { return tickets_.size(); }

 private:
  using Place = std::pair<IpAddress, std::string>;  ///< server, protocol and place on it
  struct Entry {
    KnownTicket ticket;
    std::optional<Moment> expires;
    Moment forget_at;
    bool told_end{false};       ///< expired or deleted
    Instant first;              ///< of the first copy
    std::vector<Place> places;  ///< of copies
    /// Of the listed addresses, where a session began, and for whom.
    std::set<std::pair<SocketAddress, IpAddress>> answered;
  };
  using Tickets = std::map<TicketId, Entry>;
  template <typename Key>
  using Index = std::set<std::pair<Key, TicketId>>;

  void add_copy(Entry& entry, const FlowFacts& flow, const Finding& finding,
                const observation::Carriage& carriage);
  [[nodiscard]] std::vector<std::pair<Place, TicketId>> lying_in(const Place& folder) const;
  void add_place(Entry& entry, Place place);
  void remove_place(Entry& entry, const Place& place);
  void index(const Entry& entry);
  void forget(Tickets::iterator place);
  void remove_surplus();
  [[nodiscard]] bool valid(const Entry& entry, Moment now) const;
  [[nodiscard]] std::vector<TicketId> listing(const SocketAddress& listener) const;
  void tell_withdrawn(const TicketId& id, TicketDeleted::How how, const FlowFacts& flow,
                      const Finding& finding, Events& out,
                      Certainty certainty = Certainty::kObserved, double confidence = 1.0);
  void tell_deleted(Entry& entry, TicketEvent event, Events& out);

  Tickets tickets_;
  std::set<std::pair<Moment, TicketId>> expiries_;    ///< of those whose end was not told
  std::set<std::pair<Moment, TicketId>> departures_;  ///< when each is forgotten
  Index<SocketAddress> listeners_;
  Index<std::uint32_t> sids_;
  Index<observation::Sha1> public_keys_;
  Index<observation::Sha256> public_keys_sha256_;
  Index<observation::Sha256> certificates_;
  Index<observation::Sha256> session_ids_;
  Index<Place> places_;
  std::set<observation::Sha256> refused_;  ///< digests of what was rejected; told once
};

}  // namespace remora::session
