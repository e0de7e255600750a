#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace remora::config {

/// Decimal digits only; absent for anything else and for what 64 bits do not hold.
[[nodiscard]] std::optional<std::uint64_t> to_number(std::string_view text);

/// "500ms", "30s", "5m", "12h", "7d"; the unit must be there. LIMIT: a hundred years, 36525d: what
/// is longer would overflow where it is counted in nanoseconds.
[[nodiscard]] std::optional<std::chrono::milliseconds> to_duration(std::string_view text);

/// "4096" bytes, "64KiB", "1MiB", "2GiB", "1TiB".
[[nodiscard]] std::optional<std::uint64_t> to_bytes(std::string_view text);

/// In the largest unit that gives a whole number: what the two above read.
[[nodiscard]] std::string to_text(std::chrono::milliseconds time);
[[nodiscard]] std::string bytes_to_text(std::uint64_t bytes);

}  // namespace remora::config
