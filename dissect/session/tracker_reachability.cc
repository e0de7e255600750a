// What Tracker knows of how the one who waits for a session can be reached: port mappings in
// routers, names of Easy Connect, ports that refuse.

#include <variant>

#include "dissect/session/tracker.h"

namespace remora::session {

bool Tracker::take_in_reachability(const FlowFacts& flow, const Finding& finding, Events& out) {
  if (const auto* told = std::get_if<observation::PublicAddressTold>(&finding.what)) {
    mappings_.on_public_address(flow.of(finding.from).address.address, told->address,
                                finding.at.time);
    return true;
  }
  if (std::holds_alternative<observation::TicketNameRevoked>(finding.what)) {
    tickets_.on_name_revoked(flow, finding, out);
    return true;
  }
  if (std::holds_alternative<observation::ConnectionRefused>(finding.what)) {
    tickets_.on_listener_refused(flow.of(finding.from).address, flow, finding, out);
    return true;
  }
  const auto* mapping = std::get_if<observation::PortMappingChanged>(&finding.what);
  if (mapping == nullptr) { return false; }
  // Sessions that are tracked here come over TCP.
  if (mapping->protocol != "TCP") { return true; }
  const auto& router = flow.of(other(mapping->asker)).address.address;
  if (mapping->made) {
    mappings_.on_made(router, flow.of(mapping->asker).address.address, *mapping, finding.at.time);
    return true;
  }
  const auto listener = mappings_.on_removed(router, *mapping, finding.at.time);
  if (listener.has_value()) {
    tickets_.on_listener_gone(*listener, TicketDeleted::How::kPortMappingRemoved, flow, finding,
                              out);
  }
  return true;
}

/// The one who waited is the side that was called.
void Tracker::find_public_side(const FlowFacts& flow, SessionState& state, Moment now) const {
  if (flow.transport != Transport::kTcp) { return; }
  const auto public_side = mappings_.public_side(flow.of(Side::kAcceptor).address, now);
  // Without its address it would say nothing that the router's port does.
  if (public_side.has_value() && public_side->address != IpAddress{}) {
    (void)state.know_public_side(*public_side);
  }
}

}  // namespace remora::session
