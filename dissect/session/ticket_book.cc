#include "dissect/session/ticket_book.h"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <variant>

namespace remora::session {
namespace {

using observation::Carriage;

// LIMIT: of what one ticket may list or be carried by.
constexpr std::size_t kMaxAddresses = 64;
constexpr std::size_t kMaxCarriers = 16;
/// LIMIT: tickets that end with one listener.
constexpr std::size_t kMaxGone = 64;
/// LIMIT: of one ticket, whom its listeners answered.
constexpr std::size_t kMaxAnswered = 64;
/// LIMIT: kinds of refused documents remembered, so that each is told once.
constexpr std::size_t kMaxRefused = 10'000;
/// A session may begin late, and a copy may be deleted late.
constexpr Nanoseconds kKeepAfterEnd = std::chrono::hours{24};

// How surely each mark names the ticket, protocols-ra.md 1.6.
constexpr double kConfidenceInSid = 0.99;
constexpr double kConfidenceInPublicKey = 0.99;
constexpr double kConfidenceInCertificate = 0.95;
constexpr double kConfidenceInListener = 0.9;
constexpr double kConfidenceInSessionId = 1.0;
/// That a port is closed which was open and has refused one connection: a firewall may have done
/// it, or a program that was busy.
constexpr double kConfidenceInRefusal = 0.8;

TicketCarrier carrier_of(const FlowFacts& flow, const Finding& finding, const Carriage& carriage) {
  return {.carriage = carriage,
          .transport = flow.transport,
          .source = flow.of(finding.from).address,
          .destination = flow.of(other(finding.from)).address};
}

/// A copy that lies at a server: mostly on the side that accepted the connection, whoever sends it.
/// What one protocol calls a place another may call otherwise.
std::optional<std::pair<IpAddress, std::string>> place_of(const FlowFacts& flow,
                                                          const Carriage& carriage) {
  if (carriage.place.empty()) { return std::nullopt; }
  return std::pair{carriage.server.value_or(flow.of(Side::kAcceptor).address.address),
                   std::string{carriage.protocol} + ' ' + carriage.place};
}

/// What `place` lacks of being `folder` itself: empty for the folder, "/x" for what lies in it.
/// Nothing for what lies elsewhere.
std::optional<std::string_view> within(std::string_view place, std::string_view folder) {
  if (!place.starts_with(folder)) { return std::nullopt; }
  const auto rest = place.substr(folder.size());
  const bool inside = rest.empty() || rest.front() == '/' || rest.front() == '\\' ||
                      folder.ends_with('/') || folder.ends_with('\\');
  return inside ? std::optional{rest} : std::nullopt;
}

std::optional<Moment> expiry_of(const observation::Ticket& ticket) {
  if (!ticket.start.has_value() || !ticket.valid.has_value()) { return std::nullopt; }
  return *ticket.start + *ticket.valid;
}

}  // namespace

TicketId to_ticket_id(const observation::Sha256& key) {
  TicketId id{};
  std::copy_n(key.begin(), id.size(), id.begin());
  return id;
}

void TicketBook::on_seen(const FlowFacts& flow, const Finding& finding, Events& out) {
  const auto& seen = std::get<observation::TicketSeen>(finding.what);
  const auto id = to_ticket_id(seen.ticket.key);
  const auto [place, is_new] = tickets_.try_emplace(id);
  auto& entry = place->second;
  if (!is_new) {
    add_copy(entry, flow, finding, seen.carriage);
    return;
  }
  entry.ticket = {.id = id, .says = seen.ticket, .reverse_connect = {}, .carriers = {}};
  auto& addresses = entry.ticket.says.addresses;
  if (addresses.size() > kMaxAddresses) { addresses.resize(kMaxAddresses); }
  entry.first = finding.at;
  entry.expires = expiry_of(seen.ticket);
  entry.forget_at =
      std::max(entry.expires.value_or(finding.at.time), finding.at.time) + kKeepAfterEnd;
  add_copy(entry, flow, finding, seen.carriage);
  index(entry);
  out.emplace_back(
      TicketEvent{.at = finding.at,
                  .what = TicketCreated{.carrier = carrier_of(flow, finding, seen.carriage)},
                  .certainty = seen.known != Certainty::kObserved ? seen.known
                               : seen.ticket.decrypted            ? Certainty::kDecrypted
                                                                  : finding.certainty,
                  .confidence = seen.confidence,
                  .evidence = {evidence_of(finding)},
                  .ticket = entry.ticket,
                  .flow = flow});
  remove_surplus();
}

void TicketBook::on_refused(const FlowFacts& flow, const Finding& finding, Events& out) {
  const auto& refused = std::get<observation::TicketRefused>(finding.what);
  if (refused_.contains(refused.digest)) { return; }
  if (refused_.size() < kMaxRefused) { refused_.insert(refused.digest); }
  out.emplace_back(
      TicketEvent{.at = finding.at,
                  .what = TicketRejected{.refused = refused,
                                         .carrier = carrier_of(flow, finding, refused.carriage)},
                  .certainty = refused.decrypted ? Certainty::kDecrypted : Certainty::kObserved,
                  .confidence = 1.0,
                  .evidence = {evidence_of(finding)},
                  .ticket = {},
                  .flow = flow});
}

void TicketBook::on_copy_deleted(const FlowFacts& flow, const Finding& finding, Events& out) {
  const auto& deleted = std::get<observation::CopyDeleted>(finding.what);
  std::vector<TicketId> gone;
  if (deleted.ticket.has_value()) {
    gone.push_back(to_ticket_id(*deleted.ticket));
  } else if (const auto place = place_of(flow, deleted.carriage)) {
    for (const auto& [where, id] : lying_in(*place)) { gone.push_back(id); }
  }
  for (const auto& id : gone) {
    const auto entry = tickets_.find(id);
    if (entry == tickets_.end()) { continue; }
    tell_deleted(entry->second,
                 {.at = finding.at,
                  .what = TicketDeleted{.how = TicketDeleted::How::kCarrierCopyDeleted,
                                        .carrier = carrier_of(flow, finding, deleted.carriage)},
                  .certainty = Certainty::kObserved,
                  .confidence = 1.0,
                  .evidence = {evidence_of(finding)},
                  .ticket = {},
                  .flow = flow},
                 out);
  }
}

void TicketBook::on_copy_moved(const FlowFacts& flow, const Finding& finding) {
  const auto& moved = std::get<observation::CopyMoved>(finding.what);
  auto target = moved.carriage;
  target.place = moved.new_place;
  const auto from = place_of(flow, moved.carriage);
  const auto to = place_of(flow, target);
  if (!from.has_value() || !to.has_value()) { return; }
  for (const auto& [where, id] : lying_in(*from)) {
    auto& entry = tickets_.find(id)->second;
    if (!moved.stays) { remove_place(entry, where); }
    add_place(entry, {to->first, to->second + std::string{*within(where.second, from->second)}});
  }
}

/// The copies at a place and, where it is a folder, in it. LIMIT: places looked at.
std::vector<std::pair<TicketBook::Place, TicketId>> TicketBook::lying_in(
    const Place& folder) const {
  constexpr std::size_t kMaxLookedAt = 1024;
  std::vector<std::pair<Place, TicketId>> found;
  std::size_t looked_at = 0;
  for (auto at = places_.lower_bound({folder, {}}); at != places_.end() && looked_at < kMaxLookedAt;
       ++at, ++looked_at) {
    const auto& where = at->first;
    if (where.first != folder.first || !where.second.starts_with(folder.second)) { break; }
    if (within(where.second, folder.second).has_value()) { found.push_back(*at); }
  }
  return found;
}

void TicketBook::add_place(Entry& entry, Place place) {
  if (entry.places.size() >= kMaxCarriers) { return; }
  places_.emplace(place, entry.ticket.id);
  entry.places.push_back(std::move(place));
}

void TicketBook::remove_place(Entry& entry, const Place& place) {
  places_.erase({place, entry.ticket.id});
  std::erase(entry.places, place);
}

void TicketBook::on_name_revoked(const FlowFacts& flow, const Finding& finding, Events& out) {
  const auto& revoked = std::get<observation::TicketNameRevoked>(finding.what);
  tell_withdrawn(to_ticket_id(revoked.ticket), TicketDeleted::How::kNameRevoked, flow, finding,
                 out);
}

void TicketBook::on_listener_gone(const SocketAddress& listener, TicketDeleted::How how,
                                  const FlowFacts& flow, const Finding& finding, Events& out) {
  for (const auto& id : listing(listener)) { tell_withdrawn(id, how, flow, finding, out); }
}

/// Somebody else, or a port that never answered, may be refused by a firewall in its name.
void TicketBook::on_listener_refused(const SocketAddress& listener, const FlowFacts& flow,
                                     const Finding& finding, Events& out) {
  const auto& caller = flow.of(other(finding.from)).address.address;
  for (const auto& id : listing(listener)) {
    const auto& entry = tickets_.find(id)->second;
    if (!valid(entry, finding.at.time) || !entry.answered.contains({listener, caller})) {
      continue;
    }
    tell_withdrawn(id, TicketDeleted::How::kListenerClosed, flow, finding, out,
                   Certainty::kInferred, kConfidenceInRefusal);
  }
}

std::vector<TicketId> TicketBook::listing(const SocketAddress& listener) const {
  std::vector<TicketId> found;
  for (auto at = listeners_.lower_bound({listener, {}});
       at != listeners_.end() && at->first == listener && found.size() < kMaxGone; ++at) {
    found.push_back(at->second);
  }
  return found;
}

void TicketBook::tell_withdrawn(const TicketId& id, TicketDeleted::How how, const FlowFacts& flow,
                                const Finding& finding, Events& out, Certainty certainty,
                                double confidence) {
  const auto entry = tickets_.find(id);
  if (entry == tickets_.end()) { return; }
  tell_deleted(entry->second,
               {.at = finding.at,
                .what = TicketDeleted{.how = how, .carrier = {}},
                .certainty = certainty,
                .confidence = confidence,
                .evidence = {evidence_of(finding)},
                .ticket = {},
                .flow = flow},
               out);
}

void TicketBook::withdraw(const TicketId& id, TicketDeleted::How how, const FlowFacts& flow,
                          const SessionId& session, Instant at, Evidence evidence, Events& out) {
  const auto entry = tickets_.find(id);
  if (entry == tickets_.end()) { return; }
  tell_deleted(entry->second,
               {.at = at,
                .what = TicketDeleted{.how = how, .carrier = {}},
                .certainty = Certainty::kObserved,
                .confidence = 1.0,
                .evidence = {std::move(evidence)},
                .ticket = {},
                .flow = flow,
                .session = session},
               out);
}

/// A ticket ends once: what ran out cannot be withdrawn any more, nor the other way round.
void TicketBook::tell_deleted(Entry& entry, TicketEvent event, Events& out) {
  if (std::exchange(entry.told_end, true)) { return; }
  if (entry.expires.has_value()) { expiries_.erase({*entry.expires, entry.ticket.id}); }
  event.ticket = entry.ticket;
  out.emplace_back(std::move(event));
}

void TicketBook::advance(Moment now, Events& out) {
  while (!expiries_.empty() && expiries_.begin()->first <= now) {
    const auto [moment, id] = *expiries_.begin();
    expiries_.erase(expiries_.begin());
    auto& entry = tickets_.find(id)->second;
    entry.told_end = true;
    const bool was_over = moment < entry.first.time;
    out.emplace_back(
        TicketEvent{.at = was_over ? entry.first : Instant{.time = moment, .frame = FrameNumber{}},
                    .what = TicketExpired{},
                    .certainty = Certainty::kObserved,
                    .confidence = 1.0,
                    .evidence = {{.frame = entry.first.frame,
                                  .rule = "ticket.validity",
                                  .note = was_over ? "ran out before it was seen" : ""}},
                    .ticket = entry.ticket,
                    .flow = {}});
  }
  while (!departures_.empty() && departures_.begin()->first <= now) {
    forget(tickets_.find(departures_.begin()->second));
  }
}

void TicketBook::use(const TicketId& id, std::optional<bool> reverse, const SocketAddress& listener,
                     const IpAddress& caller) {
  const auto entry = tickets_.find(id);
  if (entry == tickets_.end()) { return; }
  auto& answered = entry->second.answered;
  if (listeners_.contains({listener, id}) && answered.size() < kMaxAnswered) {
    answered.emplace(listener, caller);
  }
  ++entry->second.ticket.times_used;
  if (reverse.has_value()) { entry->second.ticket.reverse_connect = reverse; }
}

void TicketBook::stop_use(const TicketId& id) {
  const auto entry = tickets_.find(id);
  if (entry != tickets_.end() && entry->second.ticket.times_used > 0) {
    --entry->second.ticket.times_used;
  }
}

const KnownTicket* TicketBook::find(const TicketId& id) const {
  const auto entry = tickets_.find(id);
  return entry == tickets_.end() ? nullptr : &entry->second.ticket;
}

void TicketBook::add_copy(Entry& entry, const FlowFacts& flow, const Finding& finding,
                          const Carriage& carriage) {
  auto& carriers = entry.ticket.carriers;
  if (carriers.size() >= kMaxCarriers) { return; }
  carriers.push_back(carrier_of(flow, finding, carriage));
  if (auto place = place_of(flow, carriage)) { add_place(entry, std::move(*place)); }
}

void TicketBook::index(const Entry& entry) {
  const auto& says = entry.ticket.says;
  const auto& id = entry.ticket.id;
  if (entry.expires.has_value()) { expiries_.emplace(*entry.expires, id); }
  departures_.emplace(entry.forget_at, id);
  for (const auto& listener : says.addresses) {
    if (listener.address.has_value() && listener.port.has_value()) {
      listeners_.emplace(SocketAddress{*listener.address, *listener.port}, id);
    }
  }
  // 0 stands in the tickets of servers that want no preconnection PDU (protocols-ra.md 3.1).
  if (says.sid.value_or(0) != 0) { sids_.emplace(*says.sid, id); }
  if (says.public_key_digest.has_value()) { public_keys_.emplace(*says.public_key_digest, id); }
  if (says.public_key_sha256.has_value()) {
    public_keys_sha256_.emplace(*says.public_key_sha256, id);
  }
  if (says.certificate_digest.has_value()) { certificates_.emplace(*says.certificate_digest, id); }
  if (says.session_id_digest.has_value()) { session_ids_.emplace(*says.session_id_digest, id); }
}

void TicketBook::forget(Tickets::iterator place) {
  const auto& [id, entry] = *place;
  const auto& says = entry.ticket.says;
  if (entry.expires.has_value()) { expiries_.erase({*entry.expires, id}); }
  departures_.erase({entry.forget_at, id});
  for (const auto& listener : says.addresses) {
    if (listener.address.has_value() && listener.port.has_value()) {
      listeners_.erase({SocketAddress{*listener.address, *listener.port}, id});
    }
  }
  if (says.sid.has_value()) { sids_.erase({*says.sid, id}); }
  if (says.public_key_digest.has_value()) { public_keys_.erase({*says.public_key_digest, id}); }
  if (says.public_key_sha256.has_value()) {
    public_keys_sha256_.erase({*says.public_key_sha256, id});
  }
  if (says.certificate_digest.has_value()) { certificates_.erase({*says.certificate_digest, id}); }
  if (says.session_id_digest.has_value()) { session_ids_.erase({*says.session_id_digest, id}); }
  for (const auto& where : entry.places) { places_.erase({where, id}); }
  tickets_.erase(place);
}

void TicketBook::remove_surplus() {
  while (tickets_.size() > kMaxTickets) { forget(tickets_.find(departures_.begin()->second)); }
}

/// A novice's clock may be wrong, but not what it says of its ticket: before its start nobody can
/// have it. So only the end counts.
bool TicketBook::valid(const Entry& entry, Moment now) const {
  return !entry.told_end && (!entry.expires.has_value() || now <= *entry.expires);
}

namespace {

/// The latest of the tickets that an index has under `key` and that `pass`.
template <typename Index, typename Key, typename Tickets, typename Pass>
const KnownTicket* latest(const Index& index, const Key& key, const Tickets& tickets, Pass pass) {
  const KnownTicket* found = nullptr;
  FrameNumber found_frame{};
  // LIMIT: tickets looked at; strangers can make many that list one address.
  std::size_t looked_at = 0;
  for (auto at = index.lower_bound({key, {}});
       at != index.end() && at->first == key && looked_at < 64; ++at, ++looked_at) {
    const auto& entry = tickets.find(at->second)->second;
    if (pass(entry) && (found == nullptr || entry.first.frame > found_frame)) {
      found = &entry.ticket;
      found_frame = entry.first.frame;
    }
  }
  return found;
}

std::optional<TicketLink> link_to(const KnownTicket* ticket, Instant now, const char* rule,
                                  double confidence) {
  if (ticket == nullptr) { return std::nullopt; }
  return TicketLink{
      .ticket = ticket->id, .rule = rule, .confidence = confidence, .shown_by = now.frame};
}

}  // namespace

std::optional<TicketLink> TicketBook::by_listener(const SocketAddress& acceptor,
                                                  Instant now) const {
  return link_to(latest(listeners_, acceptor, tickets_,
                        [&](const Entry& entry) { return valid(entry, now.time); }),
                 now, kListenerRule.data(), kConfidenceInListener);
}

std::optional<TicketLink> TicketBook::by_sid(std::uint32_t sid, Instant now) const {
  return link_to(latest(sids_, sid, tickets_, [](const Entry&) { return true; }), now,
                 "ticket.preconnection_id", kConfidenceInSid);
}

std::optional<TicketLink> TicketBook::by_public_key(
    const observation::Sha1& digest, const std::optional<observation::Sha256>& sha256,
    Instant now) const {
  const auto any = [](const Entry&) { return true; };
  const auto* ticket =
      sha256.has_value() ? latest(public_keys_sha256_, *sha256, tickets_, any) : nullptr;
  if (ticket == nullptr) { ticket = latest(public_keys_, digest, tickets_, any); }
  return link_to(ticket, now, "ticket.public_key", kConfidenceInPublicKey);
}

std::optional<TicketLink> TicketBook::by_certificate(const observation::Sha256& digest,
                                                     Instant now) const {
  return link_to(latest(certificates_, digest, tickets_,
                        [&](const Entry& entry) { return valid(entry, now.time); }),
                 now, "ticket.certificate", kConfidenceInCertificate);
}

/// Whoever shows the id has read the ticket, whatever became of it.
std::optional<TicketLink> TicketBook::by_session_id(const observation::Sha256& digest,
                                                    Instant now) const {
  return link_to(latest(session_ids_, digest, tickets_, [](const Entry&) { return true; }), now,
                 "ticket.session_id", kConfidenceInSessionId);
}

}  // namespace remora::session
