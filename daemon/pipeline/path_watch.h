#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "capture/base/flow_key.h"
#include "capture/net/ip_options.h"
#include "capture/net/packet.h"
#include "dissect/observation/observation.h"

namespace remora::pipeline {

/// What a packet bears in its options of a router that it passed.
[[nodiscard]] observation::RouterSeen recorded_router(const capture::RecordedHop& hop);

/// What the packets of one flow tell of the way they came: encapsulations, distance, routes that
/// they recorded. Each is told when it is first seen and when it changes.
///
/// State: constant. Same packets, same findings.
class PathWatch {
 public:
  /// Takes note of the packet. Findings wait until `take`.
  void on_packet(Side from, const capture::Packet& packet);

  [[nodiscard]] bool has_news() const { return !news_.empty(); }
  /// Appends what is new to `found`.
  void take(std::vector<Finding>& found);

 private:
  // LIMIT: changes told of one side; paths that flap would fill the log.
  static constexpr std::size_t kMaxTunnelChanges = 8;
  static constexpr std::size_t kMaxDistances = 4;
  static constexpr std::size_t kMaxRouters = 32;

  struct OneSide {
    std::vector<TunnelLayer> tunnels;
    std::array<std::uint8_t, kMaxDistances> ttls{};
    std::uint8_t ttls_seen{0};
    std::uint8_t tunnel_changes{0};
    std::vector<IpAddress> routers;  ///< told; mostly none
  };

  void watch_route(Side from, const capture::Packet& packet);
  void watch_distance(Side from, const capture::Packet& packet);

  std::array<OneSide, 2> sides_;  ///< by index_of(Side)
  std::vector<Finding> news_;
};

}  // namespace remora::pipeline
