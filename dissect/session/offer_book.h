#pragma once

#include <compare>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "capture/base/address.h"
#include "capture/base/frame.h"
#include "capture/base/time.h"
#include "dissect/observation/flow.h"
#include "dissect/observation/observation.h"
#include "dissect/session/offer_event.h"

namespace remora::session {

/// Offers of Remote Assistance over DCOM, each from its first step, on whichever connection, to
/// what came of it (protocols-ra.md 5.2).
///
///   first step ─► going on ─► string given ─► told ─► RDP session of the same two machines
///                    └─ refused, or nothing more for kQuiet ─► told
///
/// An offer is told once, when it is clear what came of it, with the time of its first step. A
/// refusal is waited out: an expert that finds no RASrv asks for PCHService next.
///
/// State: LIMIT kMaxOffers pairs of machines; beyond it the one longest without news goes, told.
/// Knows capture time only. Same calls, same offers.
class OfferBook {
 public:
  static constexpr std::size_t kMaxOffers = 10'000;

  /// Takes in a step. An offer that is clear now is appended to `out`.
  void on_seen(const FlowFacts& flow, const Finding& finding, std::vector<OfferEvent>& out);

  /// Whether the step, which is told by its port alone, belongs to an offer: its service listens
  /// there for this expert.
  [[nodiscard]] bool listens(const FlowFacts& flow, const observation::OfferSeen& step) const;

  /// The connection string of the pair's offer was seen, or taken to be given.
  void on_ticket(const IpAddress& expert, const IpAddress& novice, const TicketId& ticket);

  /// Addresses that the novice's machine says it has.
  void on_addresses(const IpAddress& expert, const IpAddress& novice,
                    const std::vector<IpAddress>& addresses);

  /// Capture time has come to `now`: tells what is quiet.
  void advance(Moment now, std::vector<OfferEvent>& out);
  /// No more comes.
  void finish(std::vector<OfferEvent>& out);

  /// An offer that a session from `client` to `server` may follow from, the string having been
  /// given.
  struct Followed {
    const Offer* offer{nullptr};
    observation::OfferSeen::Service service{};
    FrameNumber shown_by{};
    bool sealed{false};
  };
  [[nodiscard]] std::optional<Followed> followed_by(const IpAddress& client,
                                                    const IpAddress& server, Moment now) const;

  [[nodiscard]] std::size_t size() const { return offers_.size(); }

 private:
  struct Pair {
    IpAddress expert;
    IpAddress novice;
    auto operator<=>(const Pair&) const = default;
  };
  struct Entry {
    OfferEvent event;
    observation::OfferSeen::Service service{};
    std::vector<observation::NoviceSession> sessions;
    std::vector<SocketAddress> listeners;  ///< of the novice's service; keys of `listeners_`
    Moment last;                           ///< of its latest step
    std::optional<FrameNumber> answered;   ///< a connection string was given
    bool answer_sealed{false};
    bool begun{false};  ///< more than a look-up of the port, which any inventory makes
    bool told{false};
  };
  using Offers = std::map<Pair, Entry>;

  [[nodiscard]] Offers::iterator entry_of(const FlowFacts& flow, const Finding& finding,
                                          std::vector<OfferEvent>& out);
  [[nodiscard]] Offers::iterator begin(const Pair& pair, const FlowFacts& flow,
                                       const Finding& finding);
  void take_in(Entry& entry, const observation::OfferSeen& step, const Finding& finding);
  void listen(const Pair& pair, Entry& entry, const std::vector<Port>& ports);
  void renew(Offers::iterator place, Moment at);
  static void tell(Entry& entry, std::vector<OfferEvent>& out);
  void forget(Offers::iterator place);

  Offers offers_;
  std::set<std::pair<Moment, Pair>> by_age_;  ///< by the time of the latest step
  std::set<std::pair<Moment, Pair>> untold_;  ///< the same, of those not told
  std::map<SocketAddress, Pair> listeners_;
};

}  // namespace remora::session
