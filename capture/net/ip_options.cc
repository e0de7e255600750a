#include "capture/net/ip_options.h"

#include <algorithm>
#include <cstdint>

namespace remora::capture {
namespace {

/// RFC 791 3.1, with the copied flag.
enum class Option : std::uint8_t {
  kEnd = 0,
  kNoOperation = 1,
  kRecordRoute = 7,
  kTimestamp = 68,
  kLooseSourceRoute = 131,
  kStrictSourceRoute = 137,
};

constexpr std::size_t kAddressBytes = 4;

/// Adds the addresses that stand from `first` up to the pointer, which counts from 1 and names the
/// next free place. `with_time`: a timestamp follows each.
void add_recorded(ByteView option, std::size_t first, bool with_time, RecordedRoute& route) {
  const auto stride = with_time ? 2 * kAddressBytes : kAddressBytes;
  const std::size_t pointer = to_u8(option[2]);
  const auto filled = std::min(option.size(), std::max<std::size_t>(pointer, 1) - 1);
  for (auto at = first; at + stride <= filled; at += stride) {
    route.add({.address = IpAddress::v4(option.subspan(at).first<kAddressBytes>()),
               .with_time = with_time});
  }
}

void read_option(ByteView option, RecordedRoute& route) {
  constexpr std::size_t kRouteStart = 3;
  constexpr std::size_t kTimestampStart = 4;
  switch (Option{to_u8(option[0])}) {
    case Option::kRecordRoute:
    case Option::kLooseSourceRoute:
    case Option::kStrictSourceRoute:
      // |  type  |  length  |  pointer  |  addresses  |
      if (option.size() > kRouteStart) { add_recorded(option, kRouteStart, false, route); }
      return;
    case Option::kTimestamp: {
      // |  type  |  length  |  pointer  | overflow (4), flags (4) |  address, timestamp …  |
      if (option.size() <= kTimestampStart) { return; }
      const auto flags = to_u8(option[3]) & 0x0fU;
      const bool with_addresses = flags == 1 || flags == 3;
      if (with_addresses) { add_recorded(option, kTimestampStart, true, route); }
      return;
    }
    case Option::kEnd:
    case Option::kNoOperation:
      return;
  }
}

}  // namespace

RecordedRoute recorded_route(ByteView options) {
  RecordedRoute route;
  while (!options.empty()) {
    const Option kind{to_u8(options[0])};
    if (kind == Option::kEnd) { break; }
    std::size_t size = 1;
    if (kind != Option::kNoOperation) {
      size = options.size() < 2 ? 0 : to_u8(options[1]);
      if (size < 2 || size > options.size()) { break; }
      read_option(options.first(size), route);
    }
    options = options.subspan(size);
  }
  return route;
}

}  // namespace remora::capture
