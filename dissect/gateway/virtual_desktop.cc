#include "dissect/gateway/virtual_desktop.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "dissect/gateway/server_name.h"
#include "dissect/observation/transport.h"

namespace remora::gateway {
namespace {

/// Microsoft's list of required names for Azure Virtual Desktop.
constexpr std::string_view kDomain{".wvd.microsoft.com"};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_in_domain(std::string_view name) {
  return name.size() > kDomain.size() &&
         std::ranges::equal(name.substr(name.size() - kDomain.size()), kDomain, {}, lower);
}

}  // namespace

void overhear_virtual_desktop(const Datagram& first_segment, Findings& out) {
  auto name = read_server_name(first_segment.bytes);
  if (!is_in_domain(name)) { return; }
  out.observe(
      first_segment.at, first_segment.from, "infer.gateway.virtual_desktop_sni",
      observation::GatewaySeen{.transport = observation::GatewaySeen::Transport::kVirtualDesktop,
                               .gateway_name = std::move(name),
                               .inferred = true});
}

}  // namespace remora::gateway
