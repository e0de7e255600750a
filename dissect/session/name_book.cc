#include "dissect/session/name_book.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace remora::session {
namespace {

using observation::NameKind;

/// A TTL of 0 is for the transaction in progress (RFC 1035 3.2.1): long enough to connect.
constexpr Nanoseconds kShortest = std::chrono::seconds{5};
/// Nobody vouches longer; a year's TTL is a mistake or worse.
constexpr Nanoseconds kLongest = std::chrono::hours{24};
/// Where the protocol has no time to live: as long as machines can be expected to keep an address.
constexpr Nanoseconds kUnlimited = std::chrono::hours{1};
/// Of the limit: leases, and as much again what machines call themselves while they ask for one.
constexpr std::size_t kLeasesShare = 8;

Nanoseconds validity(const std::optional<std::chrono::seconds>& ttl, Nanoseconds without) {
  if (!ttl.has_value()) { return without; }
  // Compared as seconds: 2^32 of them do not fit into nanoseconds times anything.
  if (*ttl >= std::chrono::duration_cast<std::chrono::seconds>(kLongest)) { return kLongest; }
  return std::max<Nanoseconds>(*ttl, kShortest);
}

}  // namespace

NameSource to_source(NameKind kind) {
  switch (kind) {
    case NameKind::kDns:
      return NameSource::kDns;
    case NameKind::kDnsPointer:
      return NameSource::kDnsPointer;
    case NameKind::kMdns:
      return NameSource::kMdns;
    case NameKind::kLlmnr:
      return NameSource::kLlmnr;
    case NameKind::kNbns:
      return NameSource::kNbns;
    case NameKind::kDhcp:
      return NameSource::kDhcp;
    case NameKind::kTlsSni:
      return NameSource::kTlsSniElsewhere;
    case NameKind::kNtlm:
      return NameSource::kNtlm;
    case NameKind::kKerberos:
      return NameSource::kKerberos;
    case NameKind::kDcom:
      return NameSource::kDcomBinding;
    case NameKind::kSmb:
      break;
  }
  return NameSource::kSmb;
}

NameBook::NameBook(std::size_t limit_bytes)
    : told_{limit_bytes - 2 * (limit_bytes / kLeasesShare)}, leases_{limit_bytes / kLeasesShare} {}

void NameBook::learn(const observation::NameLearned& learned, Instant at,
                     const std::optional<NetworkId>& network) {
  ++serial_;
  const auto source = to_source(learned.kind);
  const bool said_goodbye = learned.ttl == std::chrono::seconds{0} &&
                            (source == NameSource::kMdns || source == NameSource::kNbns);
  if (said_goodbye) {
    told_.take_back(learned.address, source, learned.name);
    // Who asked was told as well.
    if (source == NameSource::kNbns) { leases_.release_netbios(learned.address, serial_); }
    return;
  }
  told_.add(learned.address, learned.told_to,
            {.name = {.name = learned.name, .source = source, .seen = at},
             .until = at.time + validity(learned.ttl, kUnlimited),
             .network = network,
             .serial = serial_},
            leases_.held_from(learned.address, {.client = network}));
}

void NameBook::learn_host(const std::string& holder, const std::vector<std::string>& names,
                          Instant at) {
  leases_.learn_host(holder, names, at);
}

void NameBook::assign(const observation::AddressAssigned& assigned, Instant at,
                      const std::optional<NetworkId>& network) {
  ++serial_;
  leases_.assign(assigned.address, network, assigned.holder, at.time, serial_);
  auto names = assigned.names;
  auto seen = at;
  if (const auto* host = leases_.host(assigned.holder, at.time)) {
    names.insert(names.end(), host->names.begin(), host->names.end());
    seen = host->at;
  }
  for (auto& name : names) {
    told_.add(assigned.address, std::nullopt,
              {.name = {.name = std::move(name), .source = NameSource::kDhcp, .seen = seen},
               .until = at.time + validity(assigned.lease, kLongest),
               .network = network,
               .serial = serial_},
              leases_.held_from(assigned.address, {.client = network}));
  }
}

void NameBook::release(const IpAddress& address, Instant at,
                       const std::optional<NetworkId>& network) {
  ++serial_;
  leases_.assign(address, network, {}, at.time, serial_);
}

std::vector<EndpointName> NameBook::names_of(const IpAddress& address, const IpAddress& peer,
                                             Moment now, const Networks& networks) const {
  const auto held_from = leases_.held_from(address, networks);
  const auto netbios_held_from = leases_.netbios_held_from(address);
  std::vector<const ToldName*> holding;
  for (const auto& audience : {Audience{}, Audience{peer}}) {
    for (const auto& told : told_.of(address, audience)) {
      const bool netbios = told.name.source == NameSource::kNbns;
      if (told.until >= now && told.serial >= held_from && networks.may_include(told.network) &&
          (!netbios || told.serial >= netbios_held_from)) {
        holding.push_back(&told);
      }
    }
  }
  std::ranges::stable_sort(holding, {}, [](const auto* told) { return told->order; });
  std::vector<EndpointName> names;
  names.reserve(holding.size());
  for (const auto* told : holding) { names.push_back(told->name); }
  return names;
}

std::vector<IpAddress> NameBook::alternatives(const IpAddress& address,
                                              const std::vector<EndpointName>& names,
                                              const IpAddress& peer, Moment now,
                                              const Networks& networks) const {
  std::vector<IpAddress> found;
  const auto add = [&](const EndpointName& name, const IpAddress& owner) {
    if (owner == address || std::ranges::find(found, owner) != found.end()) { return; }
    const auto theirs = names_of(owner, peer, now, networks);
    const bool still = std::ranges::any_of(theirs, [&](const EndpointName& n) {
      return n.name == name.name && n.source == name.source;
    });
    if (still) { found.push_back(owner); }
  };
  for (const auto& name : names) {
    for (const auto& audience : {Audience{}, Audience{peer}}) {
      for (const auto& owner : told_.addresses_of(name.name, audience)) { add(name, owner); }
    }
  }
  return found;
}

bool NameBook::changed_hands_since(const IpAddress& address, Moment then,
                                   const Networks& networks) const {
  const auto since = leases_.held_since(address, networks);
  // Captures may count whole seconds: what is not surely before may be after.
  return since.has_value() && *since >= then;
}

}  // namespace remora::session
