#include "dissect/session/port_mappings.h"

#include <chrono>

namespace remora::session {
namespace {

constexpr Nanoseconds kKeep = std::chrono::hours{24};
constexpr std::size_t kMaxMappings = 10'000;

}  // namespace

PortMappings::PortMappings()
    : by_listener_{{.keep = kKeep, .keys = kMaxMappings, .values_a_key = 1}},
      by_public_port_{{.keep = kKeep, .keys = kMaxMappings, .values_a_key = 1}},
      public_addresses_{{.keep = kKeep, .keys = kMaxMappings, .values_a_key = 1}} {}

void PortMappings::on_made(const IpAddress& router, const IpAddress& asker,
                           const observation::PortMappingChanged& mapping, Moment at) {
  const SocketAddress listener{mapping.internal_address.value_or(asker),
                               mapping.internal_port.value_or(mapping.external_port)};
  by_listener_.add(listener, At{router, mapping.external_port}, at);
  by_public_port_.add(At{router, mapping.external_port}, listener, at);
}

std::optional<SocketAddress> PortMappings::on_removed(
    const IpAddress& router, const observation::PortMappingChanged& mapping, Moment at) {
  const At place{router, mapping.external_port};
  const auto found = by_public_port_.find(place, at);
  if (found.empty()) { return std::nullopt; }
  by_public_port_.forget(place);
  by_listener_.forget(found.back());
  return found.back();
}

void PortMappings::on_public_address(const IpAddress& router, const IpAddress& address, Moment at) {
  public_addresses_.add(router, address, at);
}

std::optional<SocketAddress> PortMappings::public_side(const SocketAddress& listener,
                                                       Moment now) const {
  const auto found = by_listener_.find(listener, now);
  if (found.empty()) { return std::nullopt; }
  const auto& [router, port] = found.back();
  const auto known = public_addresses_.find(router, now);
  return SocketAddress{known.empty() ? IpAddress{} : known.back(), port};
}

}  // namespace remora::session
