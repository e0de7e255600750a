#include "daemon/pipeline/capture_clock.h"

#include <algorithm>
#include <chrono>

namespace remora::pipeline {
namespace {

/// As long as the longest timeout of a flow: what is further ahead would end them all.
constexpr Nanoseconds kFarAhead = std::chrono::hours{1};

}  // namespace

bool CaptureClock::on_frame(Moment at) {
  const bool far_ahead = second_.has_value() && at - kFarAhead > now_;
  if (far_ahead && !leap_waits_) {
    leap_waits_ = true;
    return false;
  }
  leap_waits_ = false;
  now_ = std::max(now_, at);
  const auto second = std::chrono::floor<std::chrono::seconds>(now_).time_since_epoch().count();
  if (second_ == second) { return false; }
  second_ = second;
  return true;
}

}  // namespace remora::pipeline
