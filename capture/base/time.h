#pragma once

#include <chrono>
#include <string>

namespace remora {

using Nanoseconds = std::chrono::nanoseconds;

/// Capture time: nanoseconds since 1970-01-01T00:00:00Z, as the packet's record says. The only
/// clock below the daemon.
using Moment = std::chrono::sys_time<Nanoseconds>;

/// Readers clamp the times of frames to these, so that any two can be subtracted and any timeout
/// added: 64 bits hold 584 years.
inline constexpr Moment kEarliest{std::chrono::sys_days{std::chrono::year{1900} / 1 / 1}};
inline constexpr Moment kLatest{std::chrono::sys_days{std::chrono::year{2150} / 1 / 1}};

/// RFC 3339 with nine digits and Z: "2026-11-23T08:10:01.496832000Z".
[[nodiscard]] std::string to_rfc3339(Moment moment);

}  // namespace remora
