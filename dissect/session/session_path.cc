// What a session learns of its way and of its ends from beside its own PDUs.

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "dissect/encoding/host_name.h"
#include "dissect/session/session_state.h"
#include "dissect/session/take.h"

namespace remora::session {
namespace {

// LIMIT: what strangers can make a session remember.
constexpr std::size_t kMaxRouters = 32;
constexpr std::size_t kMaxProxies = 8;
constexpr std::size_t kMaxMessengerAccounts = 4;
constexpr std::size_t kMaxAddresses = 32;

/// That a Kerberos ticket is for the server that its client connects to about then.
constexpr double kConfidenceInServiceTicket = 0.8;

void merge(observation::GatewaySeen& into, const observation::GatewaySeen& more) {
  take(into.gateway_name, more.gateway_name);
  take(into.connection_id, more.connection_id);
  take(into.correlation_id, more.correlation_id);
  take(into.user, more.user);
  take(into.domain, more.domain);
  take(into.client_machine, more.client_machine);
  take(into.target_name, more.target_name);
  take(into.target_port, more.target_port);
  into.inferred = into.inferred && more.inferred;
}

/// Hyper-V's preconnection blob is the identifier of the machine whose screen is wanted, a GUID,
/// with options behind a semicolon ([MS-RDPEPS] 1.3); others put in there what only they can read.
std::string virtual_machine_of(const std::string& blob) {
  constexpr std::size_t kGuidCharacters = 36;
  auto guid = blob.substr(0, blob.find(';'));
  if (guid.size() != kGuidCharacters) { return {}; }
  for (std::size_t i = 0; i < guid.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const auto c = guid[i];
    const bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (dash ? c != '-' : !digit) { return {}; }
  }
  return guid;
}

}  // namespace

void SessionState::observe_early(Finding early, Instant opened, Events& out) {
  if (const auto* step = std::get_if<observation::Authentication>(&early.what)) {
    note_certainty(early);
    authenticate(*step, early, opened, out);
    return;
  }
  auto* anomaly = std::get_if<observation::Anomaly>(&early.what);
  if (anomaly == nullptr) { return; }
  if (anomaly->shown_by == FrameNumber{}) { anomaly->shown_by = early.at.frame; }
  early.at = opened;
  on(*anomaly, early, out);
}

void SessionState::remember(const Finding& early) {  // NOLINT(*-static): it visits `on`
  Events untold;
  std::visit([&](const auto& what) { on(what, early, untold); }, early.what);
}

void SessionState::on(const observation::Preconnection& preconnection, const Finding& finding,
                      Events&) {
  session_.preconnection = preconnection;
  const auto machine = virtual_machine_of(preconnection.blob);
  if (!machine.empty()) {
    add_name(names_of_server(), machine, NameSource::kPreconnection, finding.at);
  }
}

void SessionState::on(const observation::ProxyAsked& asked, const Finding& finding, Events&) {
  // A request that was refused for want of credentials is made again with them.
  if (!session_.proxies.empty() && session_.proxies.back().answered.has_value() &&
      !session_.proxies.back().answered->granted) {
    session_.proxies.pop_back();
  }
  if (session_.proxies.size() >= kMaxProxies) { return; }
  session_.proxies.push_back(
      {.asked = asked, .by_client = from_client(finding), .answered = std::nullopt});
  (void)add_user({.name = asked.user,
                  .domain = {},
                  .source = UserSource::kProxy,
                  .certainty = finding.certainty});
  if (encoding::may_be_host_name(asked.authority)) {
    add_name(session_.server.names, asked.authority, NameSource::kProxy, finding.at);
  }
}

void SessionState::on(const observation::ProxyAnswered& answered, const Finding&, Events&) {
  if (!session_.proxies.empty()) { session_.proxies.back().answered = answered; }
}

void SessionState::on(const observation::GatewaySeen& gateway, const Finding& finding,
                      Events& out) {
  const auto before = session_.gateway;
  session_.through_gateway = true;
  if (session_.gateway.has_value()) {
    merge(*session_.gateway, gateway);
  } else {
    session_.gateway = gateway;
  }
  add_name(session_.server.names, gateway.gateway_name, NameSource::kGateway, finding.at);
  add_name(names_of_client(), gateway.client_machine, NameSource::kGateway, finding.at);
  (void)add_user({.name = gateway.user,
                  .domain = gateway.domain,
                  .source = UserSource::kGateway,
                  .certainty = finding.certainty});
  if (before.has_value() && before != session_.gateway) { tell(finding, Updated{}, out); }
}

void SessionState::on_second_channel(const observation::GatewaySeen& gateway) {
  if (session_.gateway.has_value()) { merge(*session_.gateway, gateway); }
}

void SessionState::on(const observation::TunnelsSeen& seen, const Finding& finding, Events& out) {
  auto& tunnels = from_client(finding) ? session_.client_tunnels : session_.server_tunnels;
  const auto layers = seen.tunnels.layers();
  if (std::ranges::equal(tunnels, layers)) { return; }
  tunnels.assign(layers.begin(), layers.end());
  tell(finding, Updated{}, out);
}

void SessionState::on(const observation::DistanceChanged& changed, const Finding& finding,
                      Events& out) {
  if (++repeatable_told_ > kMaxRepeatable) { return; }
  report(finding.at, Updated{},
         {{.frame = finding.at.frame,
           .rule = finding.rule,
           .note = std::string{from_client(finding) ? "client" : "server"} + ": TTL " +
                   std::to_string(changed.ttl_before) + ", then " +
                   std::to_string(changed.ttl_after)}},
         out);
}

bool SessionState::know_names(bool of_client, std::span<const EndpointName> names) {
  auto& end = of_client ? session_.client : session_.server;
  const auto before = end.names.size();
  for (const auto& name : names) { add_name(end.names, name.name, name.source, name.seen); }
  return end.names.size() > before;
}

bool SessionState::know_router(const observation::RouterSeen& seen, bool toward_server,
                               Instant at) {
  const bool known = std::ranges::any_of(session_.routers, [&](const RouterOnPath& router) {
    return router.seen.address == seen.address && router.toward_server == toward_server;
  });
  if (known || session_.routers.size() >= kMaxRouters) { return false; }
  session_.routers.push_back({.seen = seen, .toward_server = toward_server, .at = at});
  return true;
}

void SessionState::know_alternatives(const std::vector<IpAddress>& of_server) {
  session_.server_alternatives = of_server;
}

HostFit SessionState::fit_of_ticket(const std::string& host) const {
  const bool has_another = !ticket_host_.empty() && ticket_host_ != host;
  return has_another ? HostFit::kOther : fit_of(host, session_.server.names);
}

bool SessionState::know_service_ticket(const ServiceTicket& ticket) {
  ticket_host_ = ticket.host;
  const bool sure = fit_of(ticket.host, session_.server.names) == HostFit::kSame;
  add_name(session_.server.names, ticket.host,
           sure ? NameSource::kKerberos : NameSource::kKerberosInferred, ticket.at);
  (void)add_user(ticket.user);
  return sure;
}

void SessionState::tell_service_ticket(const Finding& finding, bool sure, Events& out) {
  if (sure) { return tell_update(finding, out); }
  if (++repeatable_told_ > kMaxRepeatable) { return; }
  report(finding.at, Updated{},
         {{.frame = finding.at.frame, .rule = finding.rule, .note = {}},
          {.frame = finding.at.frame, .rule = "infer.server.service_ticket", .note = {}}},
         out, Certainty::kInferred, kConfidenceInServiceTicket);
}

bool SessionState::use_ticket(const KnownTicket& ticket, const TicketLink& link, Instant at) {
  const auto before = session_.ticket;
  if (before.has_value() && before->confidence >= link.confidence) { return false; }
  session_.ticket = link;
  session_.kind = SessionKind::kRemoteAssistance;
  // The one who waits listed where: the novice, or the expert of a reverse connection.
  auto& waiting = session_.reverse ? session_.client : session_.server;
  session_.ticket_addresses = ticket.says.addresses;
  for (const auto& address : ticket.says.addresses) {
    add_name(waiting.names, address.name, NameSource::kTicket, at);
  }
  (void)add_user({.name = ticket.says.user_name,
                  .domain = {},
                  .source = UserSource::kTicket,
                  .certainty = Certainty::kInferred});
  add_messenger_accounts(ticket);
  return true;
}

/// Of the conversation of this session's machines that carried the ticket: others may have been
/// sent it too. Accounts are what anybody says: they must not take the place of users that are
/// known.
void SessionState::add_messenger_accounts(const KnownTicket& ticket) {
  const auto is_end = [this](const SocketAddress& place) {
    return place.address == session_.client.address.address ||
           place.address == session_.server.address.address;
  };
  std::size_t added = 0;
  for (const auto& carrier : ticket.carriers) {
    if (!is_end(carrier.source) && !is_end(carrier.destination)) { continue; }
    for (const auto& account : {carrier.carriage.sender, carrier.carriage.receiver}) {
      if (added == kMaxMessengerAccounts) { return; }
      added += add_user({.name = account,
                         .domain = {},
                         .source = UserSource::kMessenger,
                         .certainty = Certainty::kInferred})
                   ? 1U
                   : 0U;
    }
  }
}

void SessionState::tell_ticket(Instant at, Events& out) {
  if (++repeatable_told_ > kMaxRepeatable) { return; }
  const auto& link = *session_.ticket;
  report(at, Updated{}, {{.frame = link.shown_by, .rule = link.rule, .note = {}}}, out,
         Certainty::kInferred, link.confidence);
}

bool SessionState::know_addresses(const std::vector<IpAddress>& of_server) {
  auto& known = session_.server_addresses;
  const auto before = known.size();
  for (const auto& address : of_server) {
    const bool is_new = std::ranges::find(known, address) == known.end();
    if (is_new && known.size() < kMaxAddresses) { known.push_back(address); }
  }
  return known.size() > before;
}

void SessionState::follow_offer(const Offer& offer) {
  offered_ = true;
  session_.kind = SessionKind::kRemoteAssistance;
  for (const auto& user : {offer.user, offer.novice_user}) {
    if (user.has_value()) { (void)add_user(*user); }
  }
  for (const auto& name : offer.novice.names) {
    add_name(session_.server.names, name.name, name.source, name.seen);
  }
  (void)know_addresses(offer.novice_addresses);
  if (!session_.windows_session_id.has_value()) {
    session_.windows_session_id = offer.windows_session_id;
  }
}

void SessionState::tell_offer(Instant at, const Evidence& evidence, double confidence,
                              Events& out) {
  if (++repeatable_told_ > kMaxRepeatable) { return; }
  report(at, Updated{}, {evidence}, out, Certainty::kInferred, confidence);
}

bool SessionState::know_public_side(const SocketAddress& public_side) {
  if (session_.public_side == public_side) { return false; }
  session_.public_side = public_side;
  return true;
}

void SessionState::know_referrer(const std::optional<SocketAddress>& referrer) {
  if (referrer.has_value() && *referrer != session_.server.address) {
    session_.redirector = referrer;
  }
}

}  // namespace remora::session
