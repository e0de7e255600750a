#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <unordered_map>
#include <utility>

#include "daemon/settings/networks.h"
#include "remora/v1/event.pb.h"

namespace remora::publish {

enum class Verdict : std::uint8_t {
  kTold,
  kNotOfInterest,  ///< neither end is in a network of interest
  kExcluded,       ///< an end is in a network that is excluded
};

/// Which events are told, by the networks of their session's or offer's ends. Tickets, names,
/// counters, and whatever has no ends are told.
///
/// An event without its session's ends (a logon, a file) goes as the last that had them.
/// LIMIT: that is known of the 100,000 sessions that were left out last; others are told.
class NetworkFilter {
 public:
  static constexpr std::size_t kMaxSessions = 100'000;

  explicit NetworkFilter(settings::Networks networks) : networks_{std::move(networks)} {}

  [[nodiscard]] Verdict judge(const v1::Event& event);
  /// From the next event on that has its ends.
  void use(settings::Networks networks) { networks_ = std::move(networks); }

  [[nodiscard]] std::size_t remembered() const { return by_id_.size(); }

 private:
  struct LeftOut {
    std::string session_id;
    Verdict why;
  };

  [[nodiscard]] Verdict judge(const v1::Endpoint& one, const v1::Endpoint& other) const;
  void remember(const std::string& session_id, Verdict verdict);
  [[nodiscard]] Verdict recall(const std::string& session_id);

  settings::Networks networks_;
  std::list<LeftOut> left_out_;  ///< what was asked for last comes first
  std::unordered_map<std::string, std::list<LeftOut>::iterator> by_id_;
};

}  // namespace remora::publish
