#include "daemon/config/quantity.h"

#include <array>
#include <charconv>
#include <limits>
#include <utility>

namespace remora::config {
namespace {

using Unit = std::pair<std::string_view, std::uint64_t>;

constexpr std::array<Unit, 5> kTimes{
    {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
constexpr std::array<Unit, 5> kSizes{{{"", 1},
                                      {"KiB", 1U << 10U},
                                      {"MiB", 1U << 20U},
                                      {"GiB", 1U << 30U},
                                      {"TiB", std::uint64_t{1} << 40U}}};

/// What both counts of milliseconds and of bytes must fit into.
constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

constexpr std::uint64_t kMostMilliseconds = std::uint64_t{36525} * 86'400'000;

template <std::size_t kCount>
std::optional<std::uint64_t> with_unit(std::string_view text,
                                       const std::array<Unit, kCount>& units) {
  const auto digits = text.find_first_not_of("0123456789");
  const auto value = to_number(text.substr(0, digits));
  const auto unit = digits == std::string_view::npos ? std::string_view{} : text.substr(digits);
  if (!value.has_value()) { return std::nullopt; }
  for (const auto& [name, factor] : units) {
    if (name != unit) { continue; }
    if (*value > kMost / factor) { return std::nullopt; }
    return *value * factor;
  }
  return std::nullopt;
}

template <std::size_t kCount>
std::string in_largest_unit(std::uint64_t value, const std::array<Unit, kCount>& units) {
  const auto* best = &units.front();
  for (const auto& unit : units) {
    if (value != 0 && value % unit.second == 0) { best = &unit; }
  }
  return std::to_string(value / best->second).append(best->first);
}

}  // namespace

std::optional<std::uint64_t> to_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || error != std::errc{} || stopped != end) { return std::nullopt; }
  return value;
}

std::optional<std::chrono::milliseconds> to_duration(std::string_view text) {
  const auto value = with_unit(text, kTimes);
  if (!value.has_value() || *value > kMostMilliseconds) { return std::nullopt; }
  return std::chrono::milliseconds{static_cast<std::int64_t>(*value)};
}

std::optional<std::uint64_t> to_bytes(std::string_view text) {
  return with_unit(text, kSizes);
}

std::string to_text(std::chrono::milliseconds time) {
  return in_largest_unit(static_cast<std::uint64_t>(time.count()), kTimes);
}

std::string bytes_to_text(std::uint64_t bytes) {
  return in_largest_unit(bytes, kSizes);
}

}  // namespace remora::config
