#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "remora/v1/event.pb.h"

namespace remora::shipper {

/// The sessions that are open now, as they were told last.
///
/// LIMIT: 10,000 of at most 64 KiB; others are not known.
class OpenSessions {
 public:
  static constexpr std::size_t kMost = 10'000;
  static constexpr std::size_t kMostBytes = std::size_t{64} << 10U;

  /// Every event, in order.
  void take(const v1::Event& event);

  [[nodiscard]] bool knows(const std::string& id) const { return sessions_.contains(id); }
  [[nodiscard]] std::size_t count() const { return sessions_.size(); }
  /// Of these, the ones that were let in.
  [[nodiscard]] std::size_t accepted() const;
  /// A JSON array of at most `limit` sessions, the latest first, as in events.
  [[nodiscard]] std::string to_json(std::size_t limit) const;

 private:
  std::map<std::string, v1::Session> sessions_;  ///< by id
};

}  // namespace remora::shipper
