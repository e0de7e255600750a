#include "capture/source/pcapng_time.h"

#include <algorithm>
#include <array>

namespace remora::capture {
namespace {

/// The largest value met is (2^64 - 1) * 10^9 + 2^63 * 10^9, below 2^95.
__extension__ using Wide = __int128;

constexpr Wide kNanosecondsPerSecond = 1'000'000'000;
constexpr std::uint8_t kBinary = 0x80;

constexpr std::array<std::uint64_t, 20> kPowersOfTen = [] {
  std::array<std::uint64_t, 20> powers{1};
  for (std::size_t i = 1; i < powers.size(); ++i) { powers.at(i) = powers.at(i - 1) * 10; }
  return powers;
}();

Wide to_nanoseconds(std::uint64_t ticks, std::uint8_t resolution) {
  const unsigned exponent = resolution & 0x7fU;
  if ((resolution & kBinary) != 0) {
    return exponent < 94 ? (ticks * kNanosecondsPerSecond) >> exponent : 0;
  }
  if (exponent <= 9) { return Wide{ticks} * kPowersOfTen.at(9 - exponent); }
  const auto finer = exponent - 9;
  return finer < kPowersOfTen.size() ? ticks / kPowersOfTen.at(finer) : 0;
}

}  // namespace

Moment to_moment(std::uint64_t ticks, const PcapngClock& clock) {
  const auto exact =
      to_nanoseconds(ticks, clock.resolution) + clock.offset_seconds * kNanosecondsPerSecond;
  const auto clamped = std::clamp<Wide>(exact, kEarliest.time_since_epoch().count(),
                                        kLatest.time_since_epoch().count());
  return Moment{Nanoseconds{static_cast<std::int64_t>(clamped)}};
}

}  // namespace remora::capture
