#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "capture/base/address.h"
#include "capture/base/bytes.h"

namespace remora::capture {

/// A router that wrote its address into the options of a packet.
struct RecordedHop {
  IpAddress address;
  bool with_time{false};  ///< in a timestamp option, not in a route
  bool operator==(const RecordedHop&) const = default;
};

/// The routers that did, in the order of the options.
class RecordedRoute {
 public:
  static constexpr std::size_t kMost = 9;  ///< what 40 bytes of options have room for

  void add(const RecordedHop& hop) {
    if (count_ < kMost) { hops_.at(count_++) = hop; }
  }
  /// Borrowed from this object.
  [[nodiscard]] std::span<const RecordedHop> hops() const { return std::span{hops_}.first(count_); }

 private:
  std::array<RecordedHop, kMost> hops_{};
  std::size_t count_{0};
};

/// What IPv4 options (Packet::ip_options) say of the way of the packet so far: Record Route, Loose
/// and Strict Source Route, and Internet Timestamp with addresses, RFC 791 3.1. Only what has been
/// filled in, not the room that is left or the route still ahead. An option that is damaged ends
/// it.
[[nodiscard]] RecordedRoute recorded_route(ByteView options);

}  // namespace remora::capture
