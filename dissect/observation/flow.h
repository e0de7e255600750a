#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "capture/base/address.h"
#include "capture/base/flow_key.h"
#include "capture/base/frame.h"
#include "capture/base/tunnel.h"

namespace remora {

/// What one side of a flow sent so far.
struct FlowSide {
  SocketAddress address;
  std::optional<MacAddress> mac{};
  std::optional<std::uint8_t> ttl{};
  std::uint64_t wire_bytes{0};
  std::uint64_t payload_bytes{0};
  std::uint64_t packets{0};
  std::uint64_t retransmitted_packets{0};
  std::uint64_t gap_bytes{0};
};

/// The flow that carries a conversation, as it stands at the moment of a finding.
struct FlowFacts {
  FrameNumber id{};  ///< of its first packet; unique in a capture
  Transport transport{Transport::kTcp};
  Moment first{};
  bool initiator_known{false};  ///< a SYN was seen
  /// Of the packet that brought the finding; empty where none did, or no tunnel tells.
  std::optional<NetworkId> network{};
  std::array<FlowSide, 2> sides;  ///< by index_of(Side)

  [[nodiscard]] const FlowSide& of(Side side) const { return sides.at(index_of(side)); }
};

/// How a flow ended.
struct FlowClosure {
  enum class How : std::uint8_t { kFin, kReset, kTimeout, kCaptureEnd };
  How how{};
  Side by{};                   ///< who sent the first FIN or RST
  Instant at;                  ///< of that packet; for a timeout the moment it ran out, frame 0
  bool other_distance{false};  ///< an RST with another TTL than what its sender sent before it
};

}  // namespace remora
