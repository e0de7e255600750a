#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

#include "capture/base/address.h"

namespace remora {

/// IP protocol numbers that Remora follows.
enum class Transport : std::uint8_t { kTcp = 6, kUdp = 17 };

/// Which end of a flow sent something. The initiator is the sender of the first SYN; where no
/// handshake was captured, the sender of the first packet.
enum class Side : std::uint8_t { kInitiator = 0, kAcceptor = 1 };

[[nodiscard]] constexpr Side other(Side side) {
  return side == Side::kInitiator ? Side::kAcceptor : Side::kInitiator;
}

[[nodiscard]] constexpr std::size_t index_of(Side side) {
  return static_cast<std::size_t>(side);
}

/// Two ends and a transport, in an order that does not depend on who sends.
struct FlowKey {
  SocketAddress low;
  SocketAddress high;
  Transport transport{Transport::kTcp};

  [[nodiscard]] static FlowKey of(const SocketAddress& a, const SocketAddress& b, Transport t) {
    return a <= b ? FlowKey{a, b, t} : FlowKey{b, a, t};
  }
  auto operator<=>(const FlowKey&) const = default;
};

}  // namespace remora
