#include "dissect/session/surroundings.h"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <variant>

namespace remora::session {
namespace {

using observation::AddressAssigned;
using observation::AddressReleased;
using observation::NameLearned;

// LIMIT: how much is remembered of what was overheard, and for how long. A client asks for its
// ticket while it connects, follows a referral at once, and is traced while it is of interest.
constexpr Recent<std::pair<IpAddress, IpAddress>, RouterOnPath>::Limits kRouters{
    .keep = std::chrono::minutes{10}, .keys = 10'000, .values_a_key = 32};
constexpr Recent<IpAddress, ServiceTicket>::Limits kTickets{
    .keep = std::chrono::seconds{10}, .keys = 10'000, .values_a_key = 4};
constexpr Recent<std::pair<IpAddress, std::string>, SocketAddress>::Limits kReferrals{
    .keep = std::chrono::minutes{1}, .keys = 10'000, .values_a_key = 1};

constexpr Recent<IpAddress, IpAddress>::Limits kAddresses{
    .keep = std::chrono::hours{1}, .keys = 10'000, .values_a_key = 32};
constexpr Recent<IpAddress, SessionUser>::Limits kAccounts{
    .keep = std::chrono::minutes{10}, .keys = 10'000, .values_a_key = 8};

}  // namespace

std::string terminal_server_of(const std::string& service) {
  // [MS-RDPBCGR] 5.4.5.2 with [MS-CSSP]: the service class of the terminal server.
  constexpr std::string_view kClass{"TERMSRV/"};
  const std::string_view text{service};
  if (text.size() <= kClass.size()) { return {}; }
  for (std::size_t at = 0; at < kClass.size(); ++at) {
    const auto c = text[at];
    const auto upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    if (upper != kClass[at]) { return {}; }
  }
  return std::string{text.substr(kClass.size())};
}

bool may_be_same_host(std::string_view one, std::string_view two) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  const auto shorter = std::min(one.size(), two.size());
  if (!std::ranges::equal(one.substr(0, shorter), two.substr(0, shorter), {}, lower, lower)) {
    return false;
  }
  const auto longer = one.size() > two.size() ? one : two;
  if (longer.size() == shorter) { return true; }
  return longer[shorter] == '.' && longer.substr(0, shorter).find('.') == std::string_view::npos;
}

HostFit fit_of(const std::string& host, const std::vector<EndpointName>& names) {
  auto fit = HostFit::kUnknown;
  for (const auto& name : names) {
    if (name.source == NameSource::kKerberosInferred) { continue; }  // itself in need of a proof
    if (may_be_same_host(name.name, host)) { return HostFit::kSame; }
    fit = HostFit::kOther;
  }
  return fit;
}

Surroundings::Surroundings(std::size_t names_bytes)
    : names_{names_bytes},
      routers_{kRouters},
      tickets_{kTickets},
      referrals_{kReferrals},
      addresses_{kAddresses},
      accounts_{kAccounts} {}

void Surroundings::overhear(const Finding& finding, const std::optional<NetworkId>& network) {
  if (const auto* learned = std::get_if<NameLearned>(&finding.what)) {
    names_.learn(*learned, finding.at, network);
  } else if (const auto* host = std::get_if<observation::HostNamed>(&finding.what)) {
    names_.learn_host(host->holder, host->names, finding.at);
  } else if (const auto* assigned = std::get_if<AddressAssigned>(&finding.what)) {
    names_.assign(*assigned, finding.at, network);
  } else if (const auto* released = std::get_if<AddressReleased>(&finding.what)) {
    names_.release(released->address, finding.at, network);
  }
}

void Surroundings::remember_router(const IpAddress& from, const IpAddress& to,
                                   const RouterOnPath& router, Moment at) {
  for (const auto& known : routers_.find({from, to}, at)) {
    if (known.seen == router.seen) { return; }
  }
  routers_.add({from, to}, router, at);
}

void Surroundings::remember_ticket(const IpAddress& client, ServiceTicket ticket) {
  const auto at = ticket.at.time;
  tickets_.add(client, std::move(ticket), at);
}

void Surroundings::remember_referral(const Session& session,
                                     const observation::Redirected& redirected, Moment at) {
  const auto add = [&](const std::string& where) {
    if (!where.empty()) {
      referrals_.add({session.client.address.address, where}, session.server.address, at);
    }
  };
  add(redirected.target_address);
  for (const auto& address : redirected.target_addresses) { add(address); }
  // The client sends it back as its routing token, whose line end is no part of it.
  auto token = redirected.load_balance_info;
  while (token.ends_with('\r') || token.ends_with('\n')) { token.pop_back(); }
  add(token);
}

void Surroundings::remember_addresses(const IpAddress& address, const std::vector<IpAddress>& also,
                                      Moment at) {
  const auto known = addresses_.find(address, at);
  for (const auto& other : also) {
    const bool is_new = other != address && std::ranges::find(known, other) == known.end();
    if (is_new) { addresses_.add(address, other, at); }
  }
}

void Surroundings::remember_account(const IpAddress& client, const SessionUser& user, Moment at) {
  for (const auto& known : accounts_.find(client, at)) {
    if (known.name == user.name && known.domain == user.domain) { return; }
  }
  accounts_.add(client, user, at);
}

std::vector<IpAddress> Surroundings::addresses(const IpAddress& address, Moment now) const {
  return addresses_.find(address, now);
}

std::optional<SessionUser> Surroundings::sole_account(const IpAddress& client, Moment now) const {
  const auto found = accounts_.find(client, now);
  return found.size() == 1 ? std::optional{found.front()} : std::nullopt;
}

std::vector<RouterOnPath> Surroundings::routers(const IpAddress& from, const IpAddress& to,
                                                Moment now) const {
  return routers_.find({from, to}, now);
}

std::optional<ServiceTicket> Surroundings::take_ticket(const IpAddress& client,
                                                       const std::vector<EndpointName>& server,
                                                       const Networks& networks, Moment now) {
  auto found = tickets_.find(client, now);
  auto best = HostFit::kUnknown;
  for (const auto& ticket : found) {
    if (networks.may_include(ticket.network)) {
      best = std::max(best, fit_of(ticket.host, server));
    }
  }
  std::erase_if(found, [&](const ServiceTicket& ticket) {
    return !networks.may_include(ticket.network) || fit_of(ticket.host, server) != best;
  });
  if (found.empty()) { return std::nullopt; }
  // Request and answer tell of the same ticket; the answer tells the user too.
  auto ticket = found.front();
  for (const auto& other : found) {
    const bool same_user =
        other.user.name == ticket.user.name || other.user.name.empty() || ticket.user.name.empty();
    if (other.host != ticket.host || !same_user) { return std::nullopt; }
    if (ticket.user.name.empty()) { ticket.user = other.user; }
  }
  tickets_.forget_if(client, [&](const ServiceTicket& other) { return other.host == ticket.host; });
  return ticket;
}

std::optional<SocketAddress> Surroundings::referrer(const IpAddress& client,
                                                    const std::string& where, Moment now) const {
  const auto found = referrals_.find({client, where}, now);
  return found.empty() ? std::nullopt : std::optional{found.back()};
}

}  // namespace remora::session
