#include "dissect/session/name_book.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <utility>

namespace remora::session {
namespace {

using observation::NameKind;

// LIMIT: beyond these, what was learned first is forgotten first.
constexpr std::size_t kMaxAddresses = 100'000;
constexpr std::size_t kMaxNamesOfAddress = 16;
constexpr std::size_t kMaxOwnedNames = 100'000;
constexpr std::size_t kMaxAddressesOfName = 16;
constexpr std::size_t kMaxHosts = 10'000;

/// A TTL of 0 is for the transaction in progress (RFC 1035 3.2.1): long enough to connect.
constexpr Nanoseconds kShortest = std::chrono::seconds{5};
/// Nobody vouches longer; a year's TTL is a mistake or worse.
constexpr Nanoseconds kLongest = std::chrono::hours{24};
/// Where the protocol has no time to live: as long as machines can be expected to keep an address.
constexpr Nanoseconds kUnlimited = std::chrono::hours{1};
/// From a request for an address to its assignment.
constexpr Nanoseconds kAssignmentTakes = std::chrono::minutes{1};

Nanoseconds validity(const std::optional<std::chrono::seconds>& ttl, Nanoseconds without) {
  if (!ttl.has_value()) { return without; }
  // Compared as seconds: 2^32 of them do not fit into nanoseconds times anything.
  if (*ttl >= std::chrono::duration_cast<std::chrono::seconds>(kLongest)) { return kLongest; }
  return std::max<Nanoseconds>(*ttl, kShortest);
}

bool is_told(const std::optional<IpAddress>& told_to, const IpAddress& peer) {
  return !told_to.has_value() || *told_to == peer;
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

std::size_t NameBook::AddressHash::operator()(const IpAddress& address) const {
  return std::hash<std::string_view>{}(as_text(address.bytes()));
}

NameBook::Entry& NameBook::entry(const IpAddress& address) {
  const auto [place, is_new] = known_.try_emplace(address);
  if (is_new) {
    by_age_.push_back(address);
    if (by_age_.size() > kMaxAddresses) {
      known_.erase(by_age_.front());
      by_age_.pop_front();
    }
  }
  return place->second;
}

void NameBook::learn(const observation::NameLearned& learned, Instant at) {
  const auto source = to_source(learned.kind);
  const bool said_goodbye = learned.ttl == std::chrono::seconds{0} &&
                            (source == NameSource::kMdns || source == NameSource::kNbns);
  if (said_goodbye) {
    if (const auto place = known_.find(learned.address); place != known_.end()) {
      std::erase_if(place->second.names, [&](const Known& known) {
        return known.name.source == source && known.name.name == learned.name;
      });
    }
    return;
  }
  add(learned.address, {.name = {.name = learned.name, .source = source, .seen = at},
                        .until = at.time + validity(learned.ttl, kUnlimited),
                        .told_to = learned.told_to});
}

void NameBook::add(const IpAddress& address, Known known) {
  auto& names = entry(address).names;
  std::erase_if(names, [&](const Known& old) { return old.until < known.name.seen.time; });
  const auto same = std::ranges::find_if(names, [&](const Known& old) {
    return old.name.source == known.name.source && old.name.name == known.name.name &&
           old.told_to == known.told_to;
  });
  if (same != names.end()) {
    same->until = std::max(same->until, known.until);
    return;
  }
  if (names.size() >= kMaxNamesOfAddress) { names.erase(names.begin()); }
  note_owner(known.name.name, address);
  names.push_back(std::move(known));
}

void NameBook::note_owner(const std::string& name, const IpAddress& address) {
  const auto [place, is_new] = owners_.try_emplace(name);
  if (is_new) { owners_by_age_.push_back(name); }
  auto& addresses = place->second;
  if (std::ranges::find(addresses, address) == addresses.end()) {
    if (addresses.size() >= kMaxAddressesOfName) { addresses.erase(addresses.begin()); }
    addresses.push_back(address);
  }
  if (owners_by_age_.size() > kMaxOwnedNames) {
    owners_.erase(owners_by_age_.front());
    owners_by_age_.pop_front();
  }
}

void NameBook::learn_host(const std::string& holder, const std::vector<std::string>& names,
                          Instant at) {
  const auto [place, is_new] = hosts_.insert_or_assign(holder, Host{.names = names, .at = at});
  if (!is_new) { return; }
  hosts_by_age_.push_back(place->first);
  if (hosts_by_age_.size() > kMaxHosts) {
    hosts_.erase(hosts_by_age_.front());
    hosts_by_age_.pop_front();
  }
}

void NameBook::assign(const observation::AddressAssigned& assigned, Instant at) {
  auto& entry = this->entry(assigned.address);
  if (entry.holder != assigned.holder) {
    entry.names.clear();
    entry.holder = assigned.holder;
  }
  auto names = assigned.names;
  auto seen = at;
  if (const auto host = hosts_.find(assigned.holder);
      host != hosts_.end() && at.time <= host->second.at.time + kAssignmentTakes) {
    names.insert(names.end(), host->second.names.begin(), host->second.names.end());
    seen = host->second.at;
  }
  for (auto& name : names) {
    add(assigned.address,
        {.name = {.name = std::move(name), .source = NameSource::kDhcp, .seen = seen},
         .until = at.time + validity(assigned.lease, kLongest),
         .told_to = std::nullopt});
  }
}

void NameBook::release(const IpAddress& address) {
  if (const auto place = known_.find(address); place != known_.end()) { place->second = {}; }
}

std::vector<EndpointName> NameBook::names_of(const IpAddress& address, const IpAddress& peer,
                                             Moment now) const {
  std::vector<EndpointName> names;
  const auto place = known_.find(address);
  if (place == known_.end()) { return names; }
  for (const auto& known : place->second.names) {
    if (known.until >= now && is_told(known.told_to, peer)) { names.push_back(known.name); }
  }
  return names;
}

std::vector<IpAddress> NameBook::alternatives(const IpAddress& address,
                                              const std::vector<EndpointName>& names,
                                              const IpAddress& peer, Moment now) const {
  std::vector<IpAddress> found;
  for (const auto& name : names) {
    const auto owners = owners_.find(name.name);
    if (owners == owners_.end()) { continue; }
    for (const auto& owner : owners->second) {
      if (owner == address || std::ranges::find(found, owner) != found.end()) { continue; }
      const auto theirs = names_of(owner, peer, now);
      const bool still = std::ranges::any_of(theirs, [&](const EndpointName& n) {
        return n.name == name.name && n.source == name.source;
      });
      if (still) { found.push_back(owner); }
    }
  }
  return found;
}

}  // namespace remora::session
