#include "daemon/cli/point_in_time.h"

#include <charconv>
#include <string_view>

#include <google/protobuf/util/time_util.h>

#include "daemon/store/row.h"

namespace remora::cli {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
/// Nobody asks for more than a hundred years; and no sum of them overflows.
constexpr std::int64_t kMostSeconds = std::int64_t{36525} * 86400;

std::int64_t seconds_of(char unit) {
  switch (unit) {
    case 's':
      return 1;
    case 'm':
      return 60;
    case 'h':
      return 3600;
    case 'd':
      return 86400;
    case 'w':
      return std::int64_t{7} * 86400;
    default:
      return 0;
  }
}

std::optional<std::int64_t> read_ago(std::string_view text, std::int64_t now) {
  if (text.size() < 2 || text.front() < '0' || text.front() > '9') { return std::nullopt; }
  const auto unit = seconds_of(text.back());
  std::int64_t count = 0;
  const auto* end = text.data() + text.size() - 1;
  const auto [stop, error] = std::from_chars(text.data(), end, count);
  if (unit == 0 || error != std::errc{} || stop != end || count > kMostSeconds / unit) {
    return std::nullopt;
  }
  return now - count * unit * kSecond;
}

}  // namespace

std::optional<std::int64_t> read_point_in_time(const std::string& text, std::int64_t now) {
  if (const auto ago = read_ago(text, now)) { return ago; }
  constexpr std::size_t kDay = std::string_view{"2026-11-29"}.size();
  google::protobuf::Timestamp time;
  const auto whole = text.size() == kDay ? text + "T00:00:00Z" : text;
  if (!google::protobuf::util::TimeUtil::FromString(whole, &time)) { return std::nullopt; }
  return store::to_nanoseconds(time);
}

}  // namespace remora::cli
