#pragma once

#include <cstdint>

#include "capture/base/time.h"

namespace remora::capture {

/// How an interface of a pcapng file counts time; options of its description block.
struct PcapngClock {
  std::uint8_t resolution{6};      ///< if_tsresol: 10^-n seconds, or 2^-n with the highest bit set
  std::int64_t offset_seconds{0};  ///< if_tsoffset: added to every time
};

/// Exact, rounded down to a nanosecond; clamped to [kEarliest, kLatest].
[[nodiscard]] Moment to_moment(std::uint64_t ticks, const PcapngClock& clock);

}  // namespace remora::capture
