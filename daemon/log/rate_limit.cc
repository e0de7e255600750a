#include "daemon/log/rate_limit.h"

namespace remora::log {
namespace {

constexpr std::uint64_t kMost = 10;
constexpr std::chrono::minutes kMinute{1};

}  // namespace

bool RateLimit::allows(Literal text, Level level, Time now) {
  auto& minute =
      minutes_.try_emplace(text.text(), Minute{.text = text, .begin = now}).first->second;
  if (minute.said < kMost) {
    ++minute.said;
    return true;
  }
  ++minute.left_out;
  minute.level = level;
  return false;
}

std::vector<RateLimit::LeftOut> RateLimit::over(Time now) {
  std::vector<LeftOut> all;
  for (auto at = minutes_.begin(); at != minutes_.end();) {
    const auto& minute = at->second;
    if (now - minute.begin < kMinute) {
      ++at;
      continue;
    }
    if (minute.left_out > 0) {
      all.push_back({.text = minute.text, .level = minute.level, .times = minute.left_out});
    }
    at = minutes_.erase(at);
  }
  return all;
}

}  // namespace remora::log
