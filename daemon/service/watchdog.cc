#include "daemon/service/watchdog.h"

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string_view>
#include <unistd.h>

namespace remora::service {
namespace {

/// Takes it out of the environment.
[[nodiscard]] std::optional<std::string> take(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) { return std::nullopt; }
  std::string taken{value};
  (void)::unsetenv(name);
  return taken;
}

[[nodiscard]] std::optional<std::int64_t> positive(std::string_view text) {
  std::int64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || rest != end || value <= 0) { return std::nullopt; }
  return value;
}

[[nodiscard]] auto refuse(const char* name) {
  return tl::unexpected{
      std::string{name} +
      " of the environment is no positive number; start by the service manager, or unset it"};
}

}  // namespace

tl::expected<std::optional<std::chrono::microseconds>, std::string> take_watchdog() {
  const auto time = take("WATCHDOG_USEC");
  const auto process = take("WATCHDOG_PID");
  if (!time.has_value()) { return std::nullopt; }
  if (process.has_value()) {
    const auto number = positive(*process);
    if (!number.has_value()) { return refuse("WATCHDOG_PID"); }
    if (*number != ::getpid()) { return std::nullopt; }
  }
  const auto microseconds = positive(*time);
  // In nanoseconds, as timers count, it has to fit, too.
  if (!microseconds.has_value() ||
      *microseconds > std::numeric_limits<std::int64_t>::max() / 1000) {
    return refuse("WATCHDOG_USEC");
  }
  return std::chrono::microseconds{*microseconds};
}

}  // namespace remora::service
