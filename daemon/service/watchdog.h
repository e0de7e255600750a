#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <tl/expected.hpp>

namespace remora::service {

/// Within what time the service manager wants to hear from this process again and again, else it
/// ends it (sd_watchdog_enabled(3)): WATCHDOG_USEC of the environment, none where that is not set
/// or WATCHDOG_PID names another process. Takes both out of the environment. Fails where one of
/// them is no number. It is for the caller to say so at half this time.
[[nodiscard]] tl::expected<std::optional<std::chrono::microseconds>, std::string> take_watchdog();

}  // namespace remora::service
