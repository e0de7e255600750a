#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace remora::cli {

/// A time as operators give it, in nanoseconds since 1970: RFC 3339 ("2026-11-29T10:15:00+01:00"),
/// a day ("2026-11-29", its beginning in UTC), or how long before `now` ("90s", "30m", "24h", "7d",
/// "2w").
[[nodiscard]] std::optional<std::int64_t> read_point_in_time(const std::string& text,
                                                             std::int64_t now);

}  // namespace remora::cli
