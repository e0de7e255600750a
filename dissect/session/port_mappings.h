#pragma once

#include <map>
#include <optional>
#include <utility>

#include "capture/base/address.h"
#include "capture/base/time.h"
#include "dissect/observation/reachability.h"
#include "dissect/session/recent.h"

namespace remora::session {

/// Ports that routers lead to machines behind them, as UPnP told (protocols-ra.md 6.3).
///
/// State: LIMIT 10,000 mappings and as many routers, each for a day. Same calls, same answers.
class PortMappings {
 public:
  PortMappings();

  /// A mapping was made at `router`, by the machine at `asker`.
  void on_made(const IpAddress& router, const IpAddress& asker,
               const observation::PortMappingChanged& mapping, Moment at);
  /// One was removed: what it led to, where it was known.
  [[nodiscard]] std::optional<SocketAddress> on_removed(
      const IpAddress& router, const observation::PortMappingChanged& mapping, Moment at);
  void on_public_address(const IpAddress& router, const IpAddress& address, Moment at);

  /// The public side of what leads to `listener`; its address is unspecified where the router did
  /// not tell it.
  [[nodiscard]] std::optional<SocketAddress> public_side(const SocketAddress& listener,
                                                         Moment now) const;

 private:
  using At = std::pair<IpAddress, Port>;  ///< router and its external port
  Recent<SocketAddress, At> by_listener_;
  Recent<At, SocketAddress> by_public_port_;
  Recent<IpAddress, IpAddress> public_addresses_;
};

}  // namespace remora::session
