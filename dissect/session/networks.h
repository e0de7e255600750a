#pragma once

#include <optional>

#include "capture/base/tunnel.h"

namespace remora::session {

/// The networks that the packets of a session's two sides are in, as far as their tunnels tell; two
/// where an overlay routes between its networks.
struct Networks {
  std::optional<NetworkId> client{};
  std::optional<NetworkId> server{};

  /// What is said in a network is not true in another. Nothing is known to be another's where one
  /// of the two is not in any: a tap may see the inside of an overlay and its outside.
  [[nodiscard]] bool may_include(const std::optional<NetworkId>& network) const {
    if (!network.has_value() || (!client.has_value() && !server.has_value())) { return true; }
    return client == network || server == network;
  }
};

}  // namespace remora::session
