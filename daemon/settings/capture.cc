#include "daemon/settings/capture.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <utility>

#include <tl/expected.hpp>

#include "daemon/config/quantity.h"

namespace remora::settings {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kMaxInterfaces = 64;
/// What a filter for them may cost (capture/live/fast_filter.h).
constexpr std::size_t kMaxPorts = 32;
constexpr unsigned kMaxThreads = 64;
constexpr milliseconds kMaxHold{10'000};
/// Linux: 15, an alternative name 127 (ip-link(8)); Windows: the path of a device.
constexpr std::size_t kMaxName = 255;

/// What Ethernet needs for its shortest headers up to the largest snapshot of libpcap
/// (pcap(3PCAP)).
constexpr std::uint64_t kMinSnapLength = 96;
constexpr std::uint64_t kMaxSnapLength = 262'144;
constexpr std::uint64_t kMinRing = std::uint64_t{1} << 20U;
/// libpcap takes its size as an int.
constexpr std::uint64_t kMaxRing = std::uint64_t{1} << 30U;
constexpr milliseconds kMinTimeout{1};
constexpr milliseconds kMaxTimeout{10'000};

/// What may stand once for all interfaces, and again for one.
Interface read_manner(config::Map& map, Interface manner) {
  manner.promiscuous = map.flag("promiscuous", manner.promiscuous);
  manner.snap_length = static_cast<std::uint32_t>(
      map.number("snap_length", manner.snap_length, kMinSnapLength, kMaxSnapLength));
  manner.ring = map.bytes("ring", manner.ring, kMinRing, kMaxRing);
  manner.timeout = map.duration("timeout", manner.timeout, kMinTimeout, kMaxTimeout);
  manner.filter = map.text("filter", std::move(manner.filter));
  return manner;
}

bool is_name(const std::string& text) {
  return text.size() <= kMaxName && std::ranges::all_of(text, [](unsigned char c) {
           return std::isgraph(c) != 0 || c == ' ';
         });
}

std::vector<Interface> read_interfaces(config::Map& map, const Interface& defaults) {
  std::vector<Interface> interfaces;
  std::set<std::string> names;
  for (auto& entry : map.maps("interfaces", "name")) {
    auto interface = read_manner(entry, defaults);
    interface.name = entry.required("name");
    if (!is_name(interface.name)) {
      entry.complain("name", "is no name of an interface; remora interfaces lists them");
    }
    if (!interface.name.empty() && !names.insert(interface.name).second) {
      entry.complain("name", "stands there twice");
    }
    entry.done();
    interfaces.push_back(std::move(interface));
  }
  if (interfaces.size() > kMaxInterfaces) {
    map.complain("interfaces", std::to_string(kMaxInterfaces) + " at most are wanted");
  }
  return interfaces;
}

tl::expected<std::uint16_t, std::string> read_port(const std::string& text) {
  const auto number = config::to_number(text);
  if (number.has_value() && *number >= 1 && *number <= 65535) {
    return static_cast<std::uint16_t>(*number);
  }
  return tl::unexpected{std::string{"a port from 1 to 65535 is wanted"}};
}

}  // namespace

Capture read_capture(config::Map map) {
  Capture capture;
  capture.defaults = read_manner(map, capture.defaults);
  capture.interfaces = read_interfaces(map, capture.defaults);
  auto fast = map.map("fast_mode");
  capture.fast_mode_ports = fast.list("ports", read_port);
  if (capture.fast_mode_ports.size() > kMaxPorts) {
    fast.complain("ports", std::to_string(kMaxPorts) + " at most are wanted");
  }
  const bool filtered = std::ranges::any_of(
      capture.interfaces, [](const Interface& each) { return !each.filter.empty(); });
  if (filtered && !capture.fast_mode_ports.empty()) {
    fast.complain("ports", "has no effect beside a filter; leave one of them out");
  }
  fast.done();
  capture.threads = static_cast<unsigned>(map.number("threads", capture.threads, 1, kMaxThreads));
  capture.hold = map.duration("hold", capture.hold, milliseconds{0}, kMaxHold);
  map.done();
  return capture;
}

}  // namespace remora::settings
