// What Tracker joins to sessions from beside them: other flows, names, routers, tickets.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <iterator>
#include <utility>
#include <variant>

#include "dissect/session/tracker.h"

namespace remora::session {
namespace {

// LIMIT: flows whose session did not begin yet, and what is kept of one.
constexpr std::size_t kMaxEarlyFlows = 100'000;
constexpr std::size_t kMaxEarlyFindings = 16;

/// LIMIT: sessions of one machine that are looked at for what concerns its address: of a server
/// with thousands, only the latest have something to learn.
constexpr std::size_t kMaxExamined = 64;

/// LIMIT: further flows of sessions.
constexpr std::size_t kMaxJoined = 100'000;

/// A UDP transport follows its TCP connection at once (protocols-rdp.md 6.1), a ticket for the
/// server is asked for while the client connects.
constexpr Nanoseconds kUdpWithin = std::chrono::seconds{10};
constexpr Nanoseconds kTicketWithin = std::chrono::seconds{10};

bool is_of(const IpAddress& address, const SessionEnd& end) {
  return end.address.address == address;
}

bool opened_lately(const Session& session, Moment now, Nanoseconds within) {
  return session.opened <= now && now <= session.opened + within;
}

/// How well a further flow fits a session: 0 not at all; and why.
constexpr int kCertain = 2;
struct Fit {
  int how_well{0};
  const char* rule{""};
};

constexpr Fit kByCorrelation{kCertain, "session.join.correlation"};
constexpr Fit kByCookie{kCertain, "session.join.cookie_hash"};
constexpr Fit kBySecurityCookie{kCertain, "session.join.security_cookie"};
constexpr Fit kByEndsAndTime{1, "infer.join.ends_and_time"};

using CookieHash = std::array<std::byte, 32>;

/// [MS-RDPEUDP] 2.2.2.9 sends the hash as "8 4-byte unsigned integer values [...] in network byte
/// order", which can be read as the digest or as the digest with each four bytes turned round.
bool is_same_cookie(const CookieHash& sent, const CookieHash& digest) {
  if (sent == digest) { return true; }
  for (std::size_t at = 0; at < digest.size(); ++at) {
    if (sent.at(at) != digest.at(at ^ 3U)) { return false; }
  }
  return true;
}

Fit fit(const Session& session, const observation::UdpTransportRequested& request, bool same_server,
        Moment now) {
  const auto correlation =
      session.request.value_or(observation::ConnectionRequested{}).correlation_id;
  if (correlation.has_value() && correlation == request.correlation_id) { return kByCorrelation; }
  // A client shows the cookie of its own session; where those are known, no other will do.
  if (request.cookie_hash.has_value() && !session.udp_invitations.empty()) {
    const bool invited = std::ranges::any_of(session.udp_invitations, [&](const auto& invitation) {
      return is_same_cookie(*request.cookie_hash, invitation.cookie_hash);
    });
    return invited ? kByCookie : Fit{};
  }
  return same_server && opened_lately(session, now, kUdpWithin) ? kByEndsAndTime : Fit{};
}

/// The client showed the very cookie, [MS-RDPEMT] 3.2.5.1.
Fit fit(const Session& session, const observation::TunnelRequested& request) {
  const bool invited = std::ranges::find(session.udp_invitations, request.cookie_hash,
                                         &observation::UdpTransportInvited::cookie_hash) !=
                       session.udp_invitations.end();
  return invited ? kBySecurityCookie : Fit{};
}

Fit fit(const Session& session, const Finding& finding, const FlowFacts& flow) {
  const auto& from = flow.of(finding.from).address.address;
  const auto& to = flow.of(other(finding.from)).address.address;
  if (const auto* request = std::get_if<observation::UdpTransportRequested>(&finding.what)) {
    if (!is_of(from, session.client) || session.transport != Transport::kTcp) { return {}; }
    return fit(session, *request, is_of(to, session.server), finding.at.time);
  }
  if (const auto* request = std::get_if<observation::TunnelRequested>(&finding.what)) {
    return is_of(from, session.client) ? fit(session, *request) : Fit{};
  }
  if (std::holds_alternative<observation::UdpTransportAccepted>(finding.what)) {
    const bool fits = is_of(from, session.server) && is_of(to, session.client) &&
                      session.transport == Transport::kTcp &&
                      opened_lately(session, finding.at.time, kUdpWithin);
    return fits ? kByEndsAndTime : Fit{};
  }
  if (const auto* gateway = std::get_if<observation::GatewaySeen>(&finding.what)) {
    if (!is_of(from, session.client) || !is_of(to, session.server) ||
        !session.gateway.has_value()) {
      return {};
    }
    if (!gateway->connection_id.empty()) {
      return session.gateway->connection_id == gateway->connection_id ? kByCorrelation : Fit{};
    }
    return gateway->transport == observation::GatewaySeen::Transport::kUdp ? kByEndsAndTime : Fit{};
  }
  return {};
}

}  // namespace

void Tracker::index(FrameNumber flow, const SessionState& state) {
  ends_.emplace(state.session().client.address.address, flow);
  ends_.emplace(state.session().server.address.address, flow);
}

void Tracker::forget(FrameNumber flow, const SessionState& state) {
  ends_.erase({state.session().client.address.address, flow});
  ends_.erase({state.session().server.address.address, flow});
}

std::vector<FrameNumber> Tracker::flows_with_end(const IpAddress& address) const {
  std::vector<FrameNumber> flows;
  auto place = ends_.upper_bound({address, FrameNumber{UINT64_MAX}});
  while (place != ends_.begin() && flows.size() < kMaxExamined) {
    --place;
    if (place->first != address) { break; }
    flows.push_back(place->second);
  }
  return flows;
}

bool Tracker::remember_early(const FlowFacts& flow, const Finding& finding) {
  const bool early = std::holds_alternative<observation::Preconnection>(finding.what) ||
                     std::holds_alternative<observation::ProxyAsked>(finding.what) ||
                     std::holds_alternative<observation::ProxyAnswered>(finding.what) ||
                     std::holds_alternative<observation::TunnelsSeen>(finding.what) ||
                     std::holds_alternative<observation::Authentication>(finding.what) ||
                     std::holds_alternative<observation::Anomaly>(finding.what);
  if (!early) { return false; }
  if (early_.size() >= kMaxEarlyFlows && !early_.contains(flow.id)) { return true; }
  auto& told = early_[flow.id];
  if (told.size() < kMaxEarlyFindings) { told.push_back(finding); }
  return true;
}

std::vector<Finding> Tracker::recall(FrameNumber flow, SessionState& state) {
  std::vector<Finding> untold;
  const auto early = early_.find(flow);
  if (early == early_.end()) { return untold; }
  for (auto& told : early->second) {
    if (std::holds_alternative<observation::Anomaly>(told.what) ||
        std::holds_alternative<observation::Authentication>(told.what)) {
      untold.push_back(std::move(told));
    } else {
      state.remember(told);
    }
  }
  early_.erase(early);
  return untold;
}

SessionState* Tracker::join(const FlowFacts& flow, const Finding& finding, Events& out) {
  const bool may_join = std::holds_alternative<observation::UdpTransportRequested>(finding.what) ||
                        std::holds_alternative<observation::UdpTransportAccepted>(finding.what) ||
                        std::holds_alternative<observation::TunnelRequested>(finding.what) ||
                        std::holds_alternative<observation::GatewaySeen>(finding.what);
  if (!may_join || joined_.size() >= kMaxJoined) { return nullptr; }
  const auto best = best_join(flow, finding);
  if (best.state == nullptr) { return nullptr; }
  joined_[flow.id] = best.flow;
  early_.erase(flow.id);
  best.state->join(flow, finding, best.certain, best.rule, out);
  return best.state;
}

Tracker::Join Tracker::best_join(const FlowFacts& flow, const Finding& finding) {
  Join best;
  Fit best_fit;
  for (const auto candidate : flows_with_end(flow.of(finding.from).address.address)) {
    auto* state = find(candidate);
    const auto here = state == nullptr ? Fit{} : fit(state->session(), finding, flow);
    // Of equals the latest: it is the one still on its way.
    if (here.how_well > best_fit.how_well) {
      best_fit = here;
      best = {.state = state,
              .flow = candidate,
              .certain = here.how_well == kCertain,
              .rule = here.rule};
    }
  }
  return best;
}

/// A cookie proves which session the flow belongs to, whatever it was taken for before.
void Tracker::observe_joined(const FlowFacts& flow, const Finding& finding, Events& out) {
  Join proven;
  if (std::holds_alternative<observation::TunnelRequested>(finding.what)) {
    proven = best_join(flow, finding);
  }
  auto* state = find(flow.id);
  if (proven.state != nullptr && proven.state != state) {
    if (state != nullptr) { state->leave_joined(flow, *proven.state); }
    joined_[flow.id] = proven.flow;
    state = proven.state;
  }
  if (state == nullptr) { return; }
  state->observe_joined(flow, finding, out);
  if (proven.state != nullptr) { state->prove_joined(finding, proven.rule, out); }
}

/// What is known already of the session that begins.
void Tracker::introduce(const Finding& first, SessionState& state) {
  const auto& session = state.session();
  const auto now = first.at.time;
  const auto client = session.client.address.address;
  const auto server = session.server.address.address;
  const auto networks = state.networks();
  const auto& names = surroundings_.names();
  (void)state.know_names(true, names.names_of(client, server, now, networks));
  (void)state.know_names(false, names.names_of(server, client, now, networks));
  state.know_alternatives(names.alternatives(server, session.server.names, client, now, networks));
  (void)state.know_addresses(surroundings_.addresses(server, now));
  for (const auto& router : surroundings_.routers(client, server, now)) {
    (void)state.know_router(router.seen, true, router.at);
  }
  for (const auto& router : surroundings_.routers(server, client, now)) {
    (void)state.know_router(router.seen, false, router.at);
  }
  const auto ticket = surroundings_.take_ticket(client, session.server.names, networks, now);
  if (ticket.has_value()) { (void)state.know_service_ticket(*ticket); }
  auto referrer = surroundings_.referrer(client, server.to_text(), now);
  const auto* request = std::get_if<observation::ConnectionRequested>(&first.what);
  if (!referrer.has_value() && request != nullptr && request->routing_token.has_value()) {
    referrer = surroundings_.referrer(client, *request->routing_token, now);
  }
  state.know_referrer(referrer);
}

bool Tracker::overhear(const FlowFacts& flow, const Finding& finding, Events& out) {
  if (std::holds_alternative<observation::RouterSeen>(finding.what)) {
    add_router(flow, finding, out);
    return true;
  }
  if (const auto* account = std::get_if<observation::AccountSeen>(&finding.what)) {
    add_service_ticket(*account, flow, finding, out);
    return true;
  }
  if (const auto* account = std::get_if<observation::EndAccount>(&finding.what)) {
    add_service_ticket({.kind = account->kind,
                        .client = flow.of(account->client).address.address,
                        .server = std::nullopt,
                        .user = account->user,
                        .domain = account->domain,
                        .service = account->service},
                       flow, finding, out);
    return true;
  }
  if (const auto* named = std::get_if<observation::EndNamed>(&finding.what)) {
    const auto& peer = flow.of(other(named->whose)).address.address;
    auto learned = finding;
    learned.what = observation::NameLearned{
        .address = flow.of(named->whose).address.address,
        .name = named->name,
        .kind = named->kind,
        .ttl = std::nullopt,
        .told_to = named->told_to_peer ? std::optional{peer} : std::nullopt};
    return overhear(flow, learned, out);
  }
  if (const auto* learned = std::get_if<observation::NameLearned>(&finding.what);
      learned != nullptr && learned->told_to_receiver) {
    auto addressed = *learned;
    addressed.told_to_receiver = false;
    addressed.told_to = flow.of(other(finding.from)).address.address;
    auto resolved = finding;
    resolved.what = std::move(addressed);
    return overhear(flow, resolved, out);
  }
  surroundings_.overhear(finding, flow.network);
  if (const auto* name = std::get_if<observation::NameLearned>(&finding.what)) {
    const bool goodbye =
        name->ttl == std::chrono::seconds{0} && name->kind != observation::NameKind::kDns;
    if (!goodbye) { tell_name(*name, flow, finding, out); }
    return true;
  }
  if (const auto* assigned = std::get_if<observation::AddressAssigned>(&finding.what)) {
    refresh_names(assigned->address, flow, finding, out);
    return true;
  }
  return std::holds_alternative<observation::HostNamed>(finding.what) ||
         std::holds_alternative<observation::AddressReleased>(finding.what);
}

/// A name was learned: the open sessions that it is true of are told. Not those that began before
/// the address came to its present holder, or may have.
void Tracker::tell_name(const observation::NameLearned& learned, const FlowFacts& flow,
                        const Finding& finding, Events& out) {
  const EndpointName name{
      .name = learned.name, .source = to_source(learned.kind), .seen = finding.at};
  for (const auto with_end : flows_with_end(learned.address)) {
    auto* state = find(with_end);
    if (state == nullptr || state->closed()) { continue; }
    const auto& session = state->session();
    const bool client = is_of(learned.address, session.client);
    const auto& peer = client ? session.server.address.address : session.client.address.address;
    const bool told = !learned.told_to.has_value() || *learned.told_to == peer;
    const auto networks = state->networks();
    if (!told || !networks.may_include(flow.network) ||
        surroundings_.names().changed_hands_since(learned.address, session.opened, networks)) {
      continue;
    }
    if (state->know_names(client, {&name, 1})) { state->tell_update(finding, out); }
  }
}

/// Something new is known of a lease: the open sessions of its address are told, as above.
void Tracker::refresh_names(const IpAddress& address, const FlowFacts& flow, const Finding& finding,
                            Events& out) {
  for (const auto with_end : flows_with_end(address)) {
    auto* state = find(with_end);
    if (state == nullptr || state->closed()) { continue; }
    const auto& session = state->session();
    const auto networks = state->networks();
    if (!networks.may_include(flow.network) ||
        surroundings_.names().changed_hands_since(address, session.opened, networks)) {
      continue;
    }
    const bool client = is_of(address, session.client);
    const auto& peer = client ? session.server.address.address : session.client.address.address;
    const auto names = surroundings_.names().names_of(address, peer, finding.at.time, networks);
    if (state->know_names(client, names)) { state->tell_update(finding, out); }
  }
}

void Tracker::add_router(const FlowFacts& flow, const Finding& finding, Events& out) {
  const auto& seen = std::get<observation::RouterSeen>(finding.what);
  const auto& from = flow.of(finding.from).address.address;
  const auto& to = flow.of(other(finding.from)).address.address;
  if (seen.address == to || seen.address == from) { return; }  // an end, no router
  for (const auto with_end : flows_with_end(from)) {
    auto* state = find(with_end);
    if (state == nullptr || state->closed()) { continue; }
    const auto& session = state->session();
    const bool forth = is_of(from, session.client) && is_of(to, session.server);
    const bool back = is_of(from, session.server) && is_of(to, session.client);
    if ((forth || back) && state->know_router(seen, forth, finding.at)) {
      state->tell_update(finding, out);
    }
  }
  surroundings_.remember_router(from, to, {.seen = seen, .toward_server = true, .at = finding.at},
                                finding.at.time);
}

void Tracker::add_service_ticket(const observation::AccountSeen& account, const FlowFacts& flow,
                                 const Finding& finding, Events& out) {
  if (!account.user.empty()) {
    const bool kerberos = account.kind == observation::AccountSeen::Kind::kKerberos;
    surroundings_.remember_account(account.client,
                                   {.name = account.user,
                                    .domain = account.domain,
                                    .source = kerberos ? UserSource::kKerberos : UserSource::kNtlm,
                                    .certainty = Certainty::kInferred},
                                   finding.at.time);
  }
  auto host = terminal_server_of(account.service);
  if (account.kind != observation::AccountSeen::Kind::kKerberos || host.empty()) { return; }
  const ServiceTicket ticket{.host = std::move(host),
                             .user = {.name = account.user,
                                      .domain = account.domain,
                                      .source = UserSource::kKerberos,
                                      .certainty = Certainty::kInferred},
                             .at = finding.at,
                             .network = flow.network};
  // Which session the ticket is for is certain only where there is no choice; the names of a server
  // may leave none.
  SessionState* fitting = nullptr;
  auto best = HostFit::kOther;
  std::size_t count = 0;
  for (const auto with_end : flows_with_end(account.client)) {
    auto* state = find(with_end);
    if (state == nullptr || state->closed() || !is_of(account.client, state->session().client) ||
        !state->networks().may_include(ticket.network) ||
        !opened_lately(state->session(), finding.at.time, kTicketWithin)) {
      continue;
    }
    const auto here = state->fit_of_ticket(ticket.host);
    if (here == HostFit::kOther || here < best) { continue; }
    count = here > best ? 1 : count + 1;
    best = here;
    fitting = state;
  }
  if (count == 0) { surroundings_.remember_ticket(account.client, ticket); }
  if (count != 1) { return; }
  const bool sure = fitting->know_service_ticket(ticket);
  fitting->tell_service_ticket(finding, sure, out);
}

}  // namespace remora::session
