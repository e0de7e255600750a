#include "capture/base/time.h"

#include <array>
#include <cstdint>
#include <cstdio>

namespace remora {

std::string to_rfc3339(Moment moment) {
  // The day in which Moment begins has its midnight outside Moment: split off the nanoseconds by
  // hand, and go on in seconds.
  constexpr std::int64_t kSecond = 1'000'000'000;
  const std::int64_t count = moment.time_since_epoch().count();
  const std::int64_t nanoseconds = ((count % kSecond) + kSecond) % kSecond;
  const std::chrono::sys_seconds seconds{
      std::chrono::seconds{count / kSecond - (count % kSecond < 0 ? 1 : 0)}};
  const auto day = std::chrono::floor<std::chrono::days>(seconds);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{seconds - day};
  std::array<char, 48> text{};
  const int length =
      std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%09lldZ",
                    static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                    static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                    static_cast<int>(clock.minutes().count()),
                    static_cast<int>(clock.seconds().count()), static_cast<long long>(nanoseconds));
  return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace remora
