#include "dissect/session/leases.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <string_view>
#include <utility>

namespace remora::session {
namespace {

// Rounded up: nodes of the tables and lists, and what allocation adds.
constexpr std::size_t kEntryBytes = 320;
constexpr std::size_t kLeaseBytes = 128;
constexpr std::size_t kHostBytes = 320;

/// From a request for an address to its assignment.
constexpr Nanoseconds kAssignmentTakes = std::chrono::minutes{1};

std::size_t cost(const std::string& holder) {
  return kLeaseBytes + holder.size();
}

std::size_t cost(const std::string& holder, const Leases::Host& host) {
  auto bytes = kHostBytes + 2 * holder.size();
  for (const auto& name : host.names) { bytes += 2 * sizeof(std::string) + name.size(); }
  return bytes;
}

}  // namespace

std::size_t Leases::AddressHash::operator()(const IpAddress& address) const {
  return std::hash<std::string_view>{}(as_text(address.bytes()));
}

/// The entry, now the one told last.
Leases::Entry& Leases::entry(const IpAddress& address) {
  const auto [place, is_new] = entries_.try_emplace(address);
  if (is_new) {
    place->second.age = by_age_.insert(by_age_.end(), address);
    bytes_ += kEntryBytes;
  } else {
    by_age_.splice(by_age_.end(), by_age_, place->second.age);
  }
  return place->second;
}

const Leases::Entry* Leases::find(const IpAddress& address) const {
  const auto place = entries_.find(address);
  return place == entries_.end() ? nullptr : &place->second;
}

void Leases::assign(const IpAddress& address, const std::optional<NetworkId>& network,
                    const std::string& holder, Moment at, std::uint64_t serial) {
  auto& leases = entry(address).leases;
  const auto known = std::ranges::find(leases, network, &Lease::network);
  // Given back twice, it may have been somebody's in between.
  if (known != leases.end() && known->holder == holder && !holder.empty()) { return; }
  if (known != leases.end()) {
    bytes_ -= cost(known->holder);
    leases.erase(known);
  }
  if (leases.size() < kMaxNetworks) {
    leases.push_back({.network = network, .holder = holder, .since = at, .serial = serial});
  } else {
    for (const auto& lease : leases) { bytes_ -= cost(lease.holder); }
    leases = {{.network = std::nullopt, .holder = {}, .since = at, .serial = serial}};
  }
  bytes_ += cost(leases.back().holder);
  make_room();
}

void Leases::release_netbios(const IpAddress& address, std::uint64_t serial) {
  entry(address).netbios_serial = serial;
  make_room();
}

void Leases::make_room() {
  while (bytes_ > limit_) { forget_oldest(); }
}

void Leases::forget_oldest() {
  const auto place = entries_.find(by_age_.front());
  const auto& entry = place->second;
  forgotten_ = std::max(forgotten_, entry.netbios_serial);
  for (const auto& lease : entry.leases) {
    forgotten_ = std::max(forgotten_, lease.serial);
    forgotten_at_ = std::max(forgotten_at_.value_or(lease.since), lease.since);
    bytes_ -= cost(lease.holder);
  }
  bytes_ -= kEntryBytes;
  by_age_.pop_front();
  entries_.erase(place);
}

std::uint64_t Leases::held_from(const IpAddress& address, const Networks& networks) const {
  auto serial = forgotten_;
  if (const auto* entry = find(address)) {
    for (const auto& lease : entry->leases) {
      if (networks.may_include(lease.network)) { serial = std::max(serial, lease.serial); }
    }
  }
  return serial;
}

std::uint64_t Leases::netbios_held_from(const IpAddress& address) const {
  const auto* entry = find(address);
  return std::max(forgotten_, entry == nullptr ? 0 : entry->netbios_serial);
}

std::optional<Moment> Leases::held_since(const IpAddress& address, const Networks& networks) const {
  auto since = forgotten_at_;
  if (const auto* entry = find(address)) {
    for (const auto& lease : entry->leases) {
      if (!networks.may_include(lease.network)) { continue; }
      since = std::max(since.value_or(lease.since), lease.since);
    }
  }
  return since;
}

void Leases::learn_host(const std::string& holder, const std::vector<std::string>& names,
                        Instant at) {
  const auto [place, is_new] = hosts_.try_emplace(holder);
  auto& entry = place->second;
  if (is_new) {
    entry.age = hosts_by_age_.insert(hosts_by_age_.end(), holder);
  } else {
    host_bytes_ -= cost(holder, entry.host);
    hosts_by_age_.splice(hosts_by_age_.end(), hosts_by_age_, entry.age);
  }
  entry.host = {.names = names, .at = at};
  host_bytes_ += cost(holder, entry.host);
  while (host_bytes_ > limit_) {
    const auto oldest = hosts_.find(hosts_by_age_.front());
    host_bytes_ -= cost(oldest->first, oldest->second.host);
    hosts_by_age_.pop_front();
    hosts_.erase(oldest);
  }
}

const Leases::Host* Leases::host(const std::string& holder, Moment now) const {
  const auto place = hosts_.find(holder);
  if (place == hosts_.end() || now > place->second.host.at.time + kAssignmentTakes) {
    return nullptr;
  }
  return &place->second.host;
}

}  // namespace remora::session
