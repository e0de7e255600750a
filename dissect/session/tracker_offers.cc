// What Tracker knows of offers of Remote Assistance over DCOM, and which session follows from
// which.

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "dissect/encoding/digest.h"
#include "dissect/session/tracker.h"

namespace remora::session {
namespace {

using observation::OfferSeen;

/// That a connection string was given, where the answer is ciphered (protocols-ra.md 5.2).
constexpr double kConfidenceInString = 0.9;

// That a session follows from the offer: to the novice within ten minutes of the string. The
// service of Windows XP answers with the port of the terminal server, to which the expert may have
// other business too; that of later Windows opens a port for this one session.
constexpr double kConfidenceInTerminalServer = 0.8;
constexpr double kConfidenceInOwnPort = 0.9;
constexpr double kConfidenceInOwnPortAndId = 0.95;
constexpr Port kTerminalServer{3389};

}  // namespace

bool Tracker::take_in_offer(const FlowFacts& flow, const Finding& finding, Events& out) {
  if (const auto* addresses = std::get_if<observation::EndAddresses>(&finding.what)) {
    const auto& owner = flow.of(addresses->whose).address.address;
    surroundings_.remember_addresses(owner, addresses->addresses, finding.at.time);
    offers_.on_addresses(flow.of(other(addresses->whose)).address.address, owner,
                         addresses->addresses);
    return true;
  }
  const auto* step = std::get_if<OfferSeen>(&finding.what);
  if (step == nullptr) { return false; }
  if (step->by_port && !offers_.listens(flow, *step)) { return true; }
  if (step->step == OfferSeen::Step::kAnswered && step->sealed) {
    infer_ticket(flow, finding, out);
  }
  std::vector<OfferEvent> offers;
  offers_.on_seen(flow, finding, offers);
  tell_offers(std::move(offers), finding.at.time, out);
  return true;
}

/// A connection string that was given in a ciphered answer: a ticket of which nothing is known but
/// that it exists. Each has a handle of its own.
void Tracker::infer_ticket(const FlowFacts& flow, const Finding& finding, Events& out) {
  const auto& step = std::get<OfferSeen>(finding.what);
  using Format = observation::Ticket::Format;
  observation::Ticket ticket{.format = step.service == OfferSeen::Service::kRaSrv
                                           ? Format::kConnectionString2
                                           : Format::kConnectionString1};
  const auto text = "remora.unseen_ticket.v1 " + flow.of(step.expert).address.address.to_text() +
                    ' ' + flow.of(other(step.expert)).address.address.to_text() + ' ' +
                    std::to_string(finding.at.time.time_since_epoch().count()) + ' ' +
                    std::to_string(to_number(finding.at.frame));
  ticket.key = encoding::sha256(as_bytes(text));
  auto inferred = finding;
  inferred.what = observation::TicketSeen{.ticket = std::move(ticket),
                                          .carriage = {.protocol = "DCERPC"},
                                          .known = Certainty::kInferred,
                                          .confidence = kConfidenceInString};
  (void)take_in_ticket(flow, inferred, out);
}

/// Adds what the surroundings know of both machines.
void Tracker::tell_offers(std::vector<OfferEvent> offers, Moment now, Events& out) {
  for (auto& event : offers) {
    auto& offer = event.offer;
    const auto& expert = offer.expert.address.address;
    const auto& novice = offer.novice.address.address;
    const auto when = std::max(now, event.at.time);
    offer.expert.names = surroundings_.names().names_of(expert, novice, when);
    offer.novice.names = surroundings_.names().names_of(novice, expert, when);
    offer.novice_addresses = surroundings_.addresses(novice, when);
    if (!offer.user.has_value()) { offer.user = surroundings_.sole_account(expert, when); }
    out.emplace_back(std::move(event));
  }
}

std::optional<Tracker::OfferReason> Tracker::follow_offer(SessionState& state, Instant at) {
  const auto& session = state.session();
  if (session.transport != Transport::kTcp) { return std::nullopt; }
  const auto followed =
      offers_.followed_by(session.client.address.address, session.server.address.address, at.time);
  if (!followed.has_value()) { return std::nullopt; }
  const bool own_port = session.server.address.port != kTerminalServer;
  const bool has_ticket =
      session.ticket.has_value() && session.ticket->ticket == followed->offer->ticket;
  if (followed->service == OfferSeen::Service::kRaSrv && !own_port && !has_ticket) {
    return std::nullopt;
  }
  const bool has_id = session.preconnection.has_value() && session.preconnection->id != 0;
  const auto confidence = !own_port ? kConfidenceInTerminalServer
                          : has_id  ? kConfidenceInOwnPortAndId
                                    : kConfidenceInOwnPort;
  state.follow_offer(*followed->offer);
  if (followed->offer->ticket.has_value()) {
    (void)use_ticket(state,
                     TicketLink{.ticket = *followed->offer->ticket,
                                .rule = "offer.session",
                                .confidence = confidence,
                                .shown_by = at.frame},
                     at);
  }
  return OfferReason{
      .evidence = {.frame = followed->shown_by,
                   .rule = "offer.session",
                   .note = "between the machines of an offer of Remote Assistance, just after it"},
      .confidence = confidence};
}

}  // namespace remora::session
