#include "capture/live/fast_filter.h"

#include <algorithm>

namespace remora::capture {

std::string fast_filter(std::span<const std::uint16_t> ports, LinkType link) {
  std::string wanted;
  for (const auto port : ports.first(std::min(ports.size(), kMostPorts))) {
    wanted += "port " + std::to_string(port) + " or ";
  }
  // What has no ports where the filter looks for them: RFC 791 3.1, fragment offset; RFC 8200 4.1,
  // next header 0 hop-by-hop options, 43 routing, 44 fragment, 60 destination options.
  wanted += "ip[6:2] & 0x1fff != 0 or ip6[6] == 0 or ip6[6] == 43 or ip6[6] == 44 or ip6[6] == 60";
  // libpcap knows no tags on other links. Cooked frames come with the tag taken off.
  if (link != LinkType::kEthernet) { return wanted; }
  // Every `vlan` moves what stands behind it one tag further, so the second is the inner one.
  const auto tagged = " or (vlan and (" + wanted + "))";
  return "(" + wanted + ")" + tagged + tagged;
}

}  // namespace remora::capture
