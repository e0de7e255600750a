#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "daemon/log/record.h"

namespace remora::log {

/// How often a text may be said: 10 times in the minute that begins with its first. LIMIT: texts
/// are literals, so there are as many as the program has.
class RateLimit {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// What was left out of one minute.
  struct LeftOut {
    Literal text;
    Level level{Level::kInfo};  ///< of the last that was left out
    std::uint64_t times{0};
  };

  /// Whether `text` is to be said.
  [[nodiscard]] bool allows(Literal text, Level level, Time now);
  /// What was left out in minutes that are over; each is told once.
  [[nodiscard]] std::vector<LeftOut> over(Time now);

 private:
  struct Minute {
    Literal text;
    Time begin;
    std::uint64_t said{0};
    std::uint64_t left_out{0};
    Level level{Level::kInfo};
  };
  std::map<std::string_view, Minute> minutes_;
};

}  // namespace remora::log
