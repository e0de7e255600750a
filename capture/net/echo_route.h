#pragma once

#include <optional>

#include "capture/base/address.h"
#include "capture/net/ip.h"
#include "capture/net/ip_options.h"

namespace remora::capture {

/// An echo or its reply (RFC 792) in whose options routers wrote their addresses: `ping -R`.
struct EchoRoute {
  IpAddress requester;
  IpAddress replier;
  RecordedRoute forth;  ///< on the way to the replier
  RecordedRoute back;   ///< on the way to the requester
  bool is_reply{false};
};

/// The replier sends the options of the request back, and further routers add to them: what stands
/// behind its own address lies on the way back. Where a reply does not name it (there was no room,
/// or it has another address there), nothing tells on which way a router lies. None then, for other
/// messages, and where no router wrote.
[[nodiscard]] std::optional<EchoRoute> read_echo_route(const IpHeader& ip);

}  // namespace remora::capture
