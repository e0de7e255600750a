#include "dissect/session/told_names.h"

#include <algorithm>
#include <functional>

namespace remora::session {
namespace {

// Rounded up: nodes of the tables and lists, and what allocation adds.
constexpr std::size_t kEntryBytes = 512;
constexpr std::size_t kNameBytes = 384;

/// LIMIT: addresses of one name to one audience that lead to each other.
constexpr std::size_t kMaxOwners = 16;

/// Of the limit: what all were told comes from many, what one was told from its own questions.
constexpr std::size_t kShareOfAll = 2;
constexpr std::size_t kShareOfOne = 16;

std::size_t cost(const ToldName& told) {
  return kNameBytes + 2 * told.name.name.size();  // once more among the owners
}

std::size_t hash(const IpAddress& address) {
  return std::hash<std::string_view>{}(as_text(address.bytes()));
}

std::size_t mix(std::size_t one, std::size_t two) {
  return one * 0x9e3779b97f4a7c15U + two;
}

}  // namespace

std::size_t ToldNames::Hash::operator()(const Audience& audience) const {
  return audience.has_value() ? hash(*audience) : 0;
}

std::size_t ToldNames::Hash::operator()(const ToldTo<IpAddress>& key) const {
  return mix(hash(key.what), (*this)(key.audience));
}

std::size_t ToldNames::Hash::operator()(const ToldTo<std::string>& key) const {
  return mix(std::hash<std::string>{}(key.what), (*this)(key.audience));
}

void ToldNames::charge(const Audience& audience, std::size_t bytes) {
  shares_[audience].bytes += bytes;
  bytes_ += bytes;
}

void ToldNames::discharge(const Audience& audience, std::size_t bytes) {
  shares_[audience].bytes -= bytes;
  bytes_ -= bytes;
}

/// The entry, now the one told last.
ToldNames::Entry& ToldNames::entry(const Key& key) {
  const auto [place, is_new] = entries_.try_emplace(key);
  auto& entry = place->second;
  auto& share = shares_[key.audience];
  if (is_new) {
    entry.among_all = by_age_.insert(by_age_.end(), key);
    entry.among_its_audience = share.by_age.insert(share.by_age.end(), key);
    charge(key.audience, kEntryBytes);
  } else {
    by_age_.splice(by_age_.end(), by_age_, entry.among_all);
    share.by_age.splice(share.by_age.end(), share.by_age, entry.among_its_audience);
  }
  return entry;
}

void ToldNames::add(const IpAddress& address, const Audience& audience, ToldName told,
                    std::uint64_t held_from) {
  const Key key{.what = address, .audience = audience};
  auto& entry = this->entry(key);
  auto& names = entry.names;
  for (auto old = names.begin(); old != names.end();) {
    if (old->until < told.name.seen.time) {
      erase(key, entry, old);
      old = names.begin();
    } else {
      ++old;
    }
  }
  const auto same = std::ranges::find_if(names, [&](const ToldName& old) {
    return old.name.source == told.name.source && old.name.name == told.name.name &&
           old.network == told.network;
  });
  told.order = told.serial;
  if (same != names.end() && same->serial < held_from) {
    *same = std::move(told);
    return;
  }
  if (same != names.end()) {
    same->until = std::max(same->until, told.until);
    same->serial = told.serial;
    return;
  }
  if (names.size() >= kMaxNames) { erase(key, entry, names.begin()); }
  keep(key, entry, std::move(told));
  make_room(audience);
}

void ToldNames::keep(const Key& key, Entry& entry, ToldName told) {
  charge(key.audience, cost(told));
  auto& owners = owners_[{.what = told.name.name, .audience = key.audience}];
  if (std::ranges::find(owners, key.what) == owners.end()) {
    if (owners.size() >= kMaxOwners) { owners.erase(owners.begin()); }
    owners.push_back(key.what);
  }
  entry.names.push_back(std::move(told));
}

void ToldNames::erase(const Key& key, Entry& entry, std::vector<ToldName>::iterator name) {
  const auto gone = std::move(*name);
  entry.names.erase(name);
  discharge(key.audience, cost(gone));
  const bool still = std::ranges::any_of(
      entry.names, [&](const ToldName& other) { return other.name.name == gone.name.name; });
  const auto owners = owners_.find({.what = gone.name.name, .audience = key.audience});
  if (still || owners == owners_.end()) { return; }
  std::erase(owners->second, key.what);
  if (owners->second.empty()) { owners_.erase(owners); }
}

void ToldNames::take_back(const IpAddress& address, NameSource source, const std::string& name) {
  const Key key{.what = address, .audience = std::nullopt};
  const auto place = entries_.find(key);
  if (place == entries_.end()) { return; }
  auto& names = place->second.names;
  const auto is_meant = [&](const ToldName& told) {
    return told.name.source == source && told.name.name == name;
  };
  for (auto found = std::ranges::find_if(names, is_meant); found != names.end();
       found = std::ranges::find_if(names, is_meant)) {
    erase(key, place->second, found);
  }
}

/// `key` by value: the lists that it may come from change.
void ToldNames::drop(Key key) {  // NOLINT(performance-unnecessary-value-param)
  const auto place = entries_.find(key);
  auto& entry = place->second;
  while (!entry.names.empty()) { erase(key, entry, std::prev(entry.names.end())); }
  by_age_.erase(entry.among_all);
  auto& share = shares_[key.audience];
  share.by_age.erase(entry.among_its_audience);
  entries_.erase(place);
  discharge(key.audience, kEntryBytes);
  if (share.by_age.empty()) { shares_.erase(key.audience); }
}

void ToldNames::make_room(const Audience& audience) {
  const auto most = limit_ / (audience.has_value() ? kShareOfOne : kShareOfAll);
  while (shares_.contains(audience) && shares_[audience].bytes > most) {
    drop(shares_[audience].by_age.front());
  }
  while (bytes_ > limit_) { drop(by_age_.front()); }
}

std::span<const ToldName> ToldNames::of(const IpAddress& address, const Audience& audience) const {
  const auto place = entries_.find({.what = address, .audience = audience});
  if (place == entries_.end()) { return {}; }
  return place->second.names;
}

std::span<const IpAddress> ToldNames::addresses_of(const std::string& name,
                                                   const Audience& audience) const {
  const auto place = owners_.find({.what = name, .audience = audience});
  if (place == owners_.end()) { return {}; }
  return place->second;
}

}  // namespace remora::session
