#include "daemon/pipeline/capture_clock.h"

#include <algorithm>
#include <chrono>

namespace remora::pipeline {
namespace {

/// As long as the longest timeout of a flow: what is further ahead would end them all.
constexpr Nanoseconds kFar = std::chrono::hours{1};
constexpr std::uint32_t kFramesAhead = 16;
constexpr Nanoseconds kStretchAhead = std::chrono::minutes{1};
constexpr std::uint32_t kFramesBehind = 64;

bool is_far(Moment from, Moment at) {
  return at > from + kFar || at < from - kFar;
}

}  // namespace

bool CaptureClock::on_frame(Moment at) {
  if (second_.has_value() && is_far(now_, at)) {
    if (!is_agreed(at)) { return false; }
    now_ = at;
  }
  row_ = 0;
  now_ = std::max(now_, at);
  const auto second = std::chrono::floor<std::chrono::seconds>(now_).time_since_epoch().count();
  if (second_ == second) { return false; }
  second_ = second;
  return true;
}

/// Whether enough frames in a row say that it is about `at`.
bool CaptureClock::is_agreed(Moment at) {
  if (row_ == 0 || is_far(row_last_, at)) {
    row_ = 0;
    row_began_ = at;
  }
  row_last_ = at;
  ++row_;
  if (at < now_) { return row_ >= kFramesBehind; }
  return row_ >= kFramesAhead || at - row_began_ >= kStretchAhead;
}

}  // namespace remora::pipeline
