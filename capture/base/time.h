#pragma once

#include <chrono>
#include <string>

namespace remora {

using Nanoseconds = std::chrono::nanoseconds;

/// Capture time: nanoseconds since 1970-01-01T00:00:00Z, as the packet's record says. The only
/// clock below the daemon. Covers the years 1677 to 2262; readers clamp what lies outside.
using Moment = std::chrono::sys_time<Nanoseconds>;

/// RFC 3339 with nine digits and Z: "2026-11-23T08:10:01.496832000Z".
[[nodiscard]] std::string to_rfc3339(Moment moment);

}  // namespace remora
