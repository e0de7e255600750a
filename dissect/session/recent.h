#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <utility>
#include <vector>

#include "capture/base/time.h"

namespace remora::session {

/// What was said lately of each key: forgotten after a while, and bounded in keys and in values of
/// a key (what came first goes first). Same calls, same contents.
template <typename Key, typename Value>
class Recent {
 public:
  struct Limits {
    Nanoseconds keep{};   ///< by capture time
    std::size_t keys{0};  ///< remembered at once
    std::size_t values_a_key{0};
  };

  explicit Recent(const Limits& limits) : limits_{limits} {}

  void add(const Key& key, Value value, Moment at) {
    const auto [place, is_new] = by_key_.try_emplace(key);
    if (is_new) {
      by_age_.push_back(key);
      if (by_age_.size() > limits_.keys) {
        by_key_.erase(by_age_.front());
        by_age_.pop_front();
      }
    }
    auto& values = place->second;
    if (values.size() >= limits_.values_a_key) { values.erase(values.begin()); }
    values.emplace_back(at, std::move(value));
  }

  /// What was said of `key` within the time that things are kept, oldest first.
  [[nodiscard]] std::vector<Value> find(const Key& key, Moment now) const {
    std::vector<Value> found;
    if (const auto place = by_key_.find(key); place != by_key_.end()) {
      for (const auto& [at, value] : place->second) {
        if (at + limits_.keep >= now) { found.push_back(value); }
      }
    }
    return found;
  }

  void forget(const Key& key) {
    if (const auto place = by_key_.find(key); place != by_key_.end()) { place->second.clear(); }
  }

  /// Forgets what `is_meant` is true of.
  template <typename Predicate>
  void forget_if(const Key& key, Predicate is_meant) {
    if (const auto place = by_key_.find(key); place != by_key_.end()) {
      std::erase_if(place->second, [&](const auto& said) { return is_meant(said.second); });
    }
  }

 private:
  Limits limits_;
  std::map<Key, std::vector<std::pair<Moment, Value>>> by_key_;
  std::deque<Key> by_age_;
};

}  // namespace remora::session
