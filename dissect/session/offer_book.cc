#include "dissect/session/offer_book.h"

#include <algorithm>
#include <chrono>
#include <variant>

namespace remora::session {
namespace {

using observation::OfferSeen;

/// Without news for so long, an offer is told as it stands.
constexpr Nanoseconds kQuiet = std::chrono::seconds{60};
/// Steps within this time belong to one offer; the expert may look at the list of sessions.
constexpr Nanoseconds kSameOffer = std::chrono::minutes{10};
/// The session follows at once: the expert's program has the string.
constexpr Nanoseconds kFollows = std::chrono::minutes{10};

// LIMIT: of one offer.
constexpr std::size_t kMaxEvidence = 8;
constexpr std::size_t kMaxListeners = 8;
constexpr std::size_t kMaxAddresses = 32;
/// LIMIT: offers of one expert that are looked at for another address of the novice.
constexpr std::size_t kMaxExamined = 64;

[[nodiscard]] bool begins(OfferSeen::Step step) {
  return step == OfferSeen::Step::kActivation || step == OfferSeen::Step::kMapped ||
         step == OfferSeen::Step::kBound || step == OfferSeen::Step::kAsked;
}

void take_user(std::optional<SessionUser>& into, const std::string& name, const std::string& domain,
               UserSource source) {
  if (name.empty()) { return; }
  // What the expert's program says of its user is better than the account that it logs on with.
  if (into.has_value() && into->source == UserSource::kDcom && source != UserSource::kDcom) {
    return;
  }
  into = SessionUser{.name = name, .domain = domain, .source = source};
}

}  // namespace

void OfferBook::on_seen(const FlowFacts& flow, const Finding& finding,
                        std::vector<OfferEvent>& out) {
  const auto& step = std::get<OfferSeen>(finding.what);
  const auto place = entry_of(flow, finding, out);
  if (place == offers_.end()) { return; }
  auto& [pair, entry] = *place;
  take_in(entry, step, finding);
  listen(pair, entry, step.listeners);
  renew(place, finding.at.time);
  if (entry.answered.has_value() && !entry.told) {
    untold_.erase({entry.last, pair});
    tell(entry, out);
  }
  while (offers_.size() > kMaxOffers) {
    const auto oldest = offers_.find(by_age_.begin()->second);
    tell(oldest->second, out);
    forget(oldest);
  }
}

bool OfferBook::listens(const FlowFacts& flow, const OfferSeen& step) const {
  const auto listener = listeners_.find(flow.of(other(step.expert)).address);
  if (listener == listeners_.end()) { return false; }
  const auto offer = offers_.find(listener->second);
  return offer != offers_.end() &&
         listener->second.expert == flow.of(step.expert).address.address &&
         offer->second.service == step.service;
}

/// The offer that the step belongs to: of the same two machines, or of the one that listens there.
OfferBook::Offers::iterator OfferBook::entry_of(const FlowFacts& flow, const Finding& finding,
                                                std::vector<OfferEvent>& out) {
  const auto& step = std::get<OfferSeen>(finding.what);
  const auto& novice = flow.of(other(step.expert)).address;
  const Pair pair{.expert = flow.of(step.expert).address.address, .novice = novice.address};
  auto place = offers_.find(pair);
  if (place == offers_.end()) {
    if (const auto listener = listeners_.find(novice); listener != listeners_.end()) {
      place = offers_.find(listener->second);
    }
  }
  if (place != offers_.end()) {
    const auto& entry = place->second;
    const bool over = entry.last + kSameOffer < finding.at.time ||
                      (entry.answered.has_value() && begins(step.step));
    if (!over) { return place; }
    if (!begins(step.step)) { return offers_.end(); }
    tell(place->second, out);
    forget(place);
  }
  return begins(step.step) ? begin(pair, flow, finding) : offers_.end();
}

OfferBook::Offers::iterator OfferBook::begin(const Pair& pair, const FlowFacts& flow,
                                             const Finding& finding) {
  const auto& step = std::get<OfferSeen>(finding.what);
  const auto place = offers_.try_emplace(pair).first;
  auto& entry = place->second;
  entry.event.at = finding.at;
  entry.event.flow = flow;
  entry.last = finding.at.time;
  auto& offer = entry.event.offer;
  const auto describe = [&](SessionEnd& end, Side side) {
    end.address = flow.of(side).address;
    end.mac = flow.of(side).mac;
    end.ttl = flow.of(side).ttl;
  };
  describe(offer.expert, step.expert);
  describe(offer.novice, other(step.expert));
  return place;
}

void OfferBook::take_in(Entry& entry, const OfferSeen& step, const Finding& finding) {
  auto& offer = entry.event.offer;
  auto& evidence = entry.event.evidence;
  if (evidence.size() < kMaxEvidence) {
    evidence.push_back({.frame = finding.at.frame, .rule = finding.rule, .note = {}});
  }
  entry.begun = entry.begun || step.step != OfferSeen::Step::kMapped;
  entry.service = step.service;
  take_user(offer.user, step.logon_user, step.logon_domain, UserSource::kNtlm);
  take_user(offer.user, step.user, step.domain, UserSource::kDcom);
  take_user(offer.novice_user, step.novice_user, step.novice_domain, UserSource::kDcom);
  if (step.windows_session_id.has_value()) { offer.windows_session_id = step.windows_session_id; }
  if (!step.sessions.empty()) { entry.sessions = step.sessions; }
  if (offer.windows_session_id.has_value() && !offer.novice_user.has_value()) {
    const auto chosen = std::ranges::find(entry.sessions, *offer.windows_session_id,
                                          &observation::NoviceSession::id);
    if (chosen != entry.sessions.end()) {
      take_user(offer.novice_user, chosen->user, chosen->domain, UserSource::kDcom);
    }
  }
  if (step.step == OfferSeen::Step::kFailed) {
    offer.error = step.error;
  } else if (step.step != OfferSeen::Step::kLogon) {
    offer.error.reset();
  }
  if (step.step == OfferSeen::Step::kAnswered) {
    entry.answered = finding.at.frame;
    entry.answer_sealed = step.sealed;
  }
}

void OfferBook::listen(const Pair& pair, Entry& entry, const std::vector<Port>& ports) {
  for (const auto port : ports) {
    const SocketAddress listener{pair.novice, port};
    if (entry.listeners.size() >= kMaxListeners) { return; }
    if (listeners_.emplace(listener, pair).second) { entry.listeners.push_back(listener); }
  }
}

void OfferBook::renew(Offers::iterator place, Moment at) {
  auto& [pair, entry] = *place;
  by_age_.erase({entry.last, pair});
  untold_.erase({entry.last, pair});
  entry.last = std::max(entry.last, at);
  by_age_.emplace(entry.last, pair);
  if (!entry.told) { untold_.emplace(entry.last, pair); }
}

void OfferBook::on_ticket(const IpAddress& expert, const IpAddress& novice,
                          const TicketId& ticket) {
  const auto place = offers_.find({expert, novice});
  if (place != offers_.end()) { place->second.event.offer.ticket = ticket; }
}

void OfferBook::on_addresses(const IpAddress& expert, const IpAddress& novice,
                             const std::vector<IpAddress>& addresses) {
  const auto place = offers_.find({expert, novice});
  if (place == offers_.end()) { return; }
  auto& known = place->second.event.offer.novice_addresses;
  for (const auto& address : addresses) {
    const bool is_new = address != novice && std::ranges::find(known, address) == known.end();
    if (is_new && known.size() < kMaxAddresses) { known.push_back(address); }
  }
}

void OfferBook::advance(Moment now, std::vector<OfferEvent>& out) {
  while (!untold_.empty() && untold_.begin()->first + kQuiet <= now) {
    const auto place = offers_.find(untold_.begin()->second);
    untold_.erase(untold_.begin());
    tell(place->second, out);
  }
  while (!by_age_.empty() && by_age_.begin()->first + kSameOffer + kFollows <= now) {
    forget(offers_.find(by_age_.begin()->second));
  }
}

void OfferBook::finish(std::vector<OfferEvent>& out) {
  for (const auto& [last, pair] : untold_) { tell(offers_.find(pair)->second, out); }
  untold_.clear();
}

std::optional<OfferBook::Followed> OfferBook::followed_by(const IpAddress& client,
                                                          const IpAddress& server,
                                                          Moment now) const {
  auto place = offers_.find({client, server});
  std::size_t examined = 0;
  for (auto other = offers_.lower_bound({client, IpAddress{}});
       place == offers_.end() && other != offers_.end() && other->first.expert == client &&
       examined < kMaxExamined;
       ++other, ++examined) {
    const auto& also = other->second.event.offer.novice_addresses;
    if (std::ranges::find(also, server) != also.end()) { place = other; }
  }
  if (place == offers_.end()) { return std::nullopt; }
  const auto& entry = place->second;
  if (!entry.answered.has_value() || entry.last + kFollows < now) { return std::nullopt; }
  return Followed{.offer = &entry.event.offer,
                  .service = entry.service,
                  .shown_by = *entry.answered,
                  .sealed = entry.answer_sealed};
}

void OfferBook::tell(Entry& entry, std::vector<OfferEvent>& out) {
  if (!entry.begun || std::exchange(entry.told, true)) { return; }
  out.push_back(entry.event);
}

void OfferBook::forget(Offers::iterator place) {
  const auto& [pair, entry] = *place;
  by_age_.erase({entry.last, pair});
  untold_.erase({entry.last, pair});
  for (const auto& listener : entry.listeners) { listeners_.erase(listener); }
  offers_.erase(place);
}

}  // namespace remora::session
