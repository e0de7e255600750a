#include "daemon/delivery/backoff.h"

#include <algorithm>

namespace remora::delivery {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kMostBelieved = std::chrono::hours{1};
/// Doublings beyond which any pause is the longest.
constexpr unsigned kMaxDoublings = 20;

}  // namespace

milliseconds Backoff::next(std::optional<milliseconds> asked) {
  const auto doubled = policy_.first * (std::int64_t{1} << std::min(failures_, kMaxDoublings));
  ++failures_;
  const auto pause = std::min(doubled, policy_.most);
  std::uniform_int_distribution<std::int64_t> fifth{-pause.count() / 5, pause.count() / 5};
  const auto jittered = pause + milliseconds{fifth(random_)};
  return std::max(jittered, std::min(asked.value_or(milliseconds{0}), kMostBelieved));
}

}  // namespace remora::delivery
