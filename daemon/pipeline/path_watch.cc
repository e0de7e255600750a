#include "daemon/pipeline/path_watch.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

namespace remora::pipeline {

observation::RouterSeen recorded_router(const capture::RecordedHop& hop) {
  using How = observation::RouterSeen::How;
  return {.how = hop.with_time ? How::kTimestamp : How::kRecordRoute, .address = hop.address};
}

void PathWatch::on_packet(Side from, const capture::Packet& packet) {
  auto& side = sides_.at(index_of(from));
  const auto layers = packet.tunnels.layers();
  if (!std::ranges::equal(layers, side.tunnels) && side.tunnel_changes < kMaxTunnelChanges) {
    ++side.tunnel_changes;
    side.tunnels.assign(layers.begin(), layers.end());
    news_.push_back({.at = packet.at,
                     .from = from,
                     .rule = "tunnel.outer_addresses",
                     .what = observation::TunnelsSeen{.tunnels = packet.tunnels}});
  }
  if (!packet.ip_options.empty()) { watch_route(from, packet); }
  if (side.ttls_seen == 0 || side.ttls.front() != packet.ttl) { watch_distance(from, packet); }
}

void PathWatch::watch_route(Side from, const capture::Packet& packet) {
  auto& side = sides_.at(index_of(from));
  const auto route = capture::recorded_route(packet.ip_options);
  for (const auto& hop : route.hops()) {
    if (side.routers.size() == kMaxRouters) { return; }
    if (std::ranges::find(side.routers, hop.address) != side.routers.end()) { continue; }
    side.routers.push_back(hop.address);
    news_.push_back(
        {.at = packet.at, .from = from, .rule = "ip.options", .what = recorded_router(hop)});
  }
}

/// Each distance is told once: paths may alternate, and a tap may see a packet on both sides of a
/// router.
void PathWatch::watch_distance(Side from, const capture::Packet& packet) {
  auto& side = sides_.at(index_of(from));
  const auto seen = std::span{side.ttls}.first(side.ttls_seen);
  if (std::ranges::find(seen, packet.ttl) != seen.end() || seen.size() == kMaxDistances) { return; }
  side.ttls.at(side.ttls_seen++) = packet.ttl;
  if (side.ttls_seen == 1) { return; }
  news_.push_back({.at = packet.at,
                   .from = from,
                   .rule = "ip.ttl_changed",
                   .what = observation::DistanceChanged{.ttl_before = side.ttls.front(),
                                                        .ttl_after = packet.ttl}});
}

void PathWatch::take(std::vector<Finding>& found) {
  std::ranges::move(news_, std::back_inserter(found));
  news_.clear();
}

}  // namespace remora::pipeline
