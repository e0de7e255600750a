#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "capture/base/address.h"
#include "capture/base/bytes.h"

namespace remora::capture {

/// The routers that wrote their address into the options of a packet, in its order.
class RecordedRoute {
 public:
  static constexpr std::size_t kMost = 9;  ///< what 40 bytes of options have room for

  void add(const IpAddress& address) {
    if (count_ < kMost) { addresses_.at(count_++) = address; }
  }
  /// Borrowed from this object.
  [[nodiscard]] std::span<const IpAddress> addresses() const {
    return std::span{addresses_}.first(count_);
  }

 private:
  std::array<IpAddress, kMost> addresses_{};
  std::size_t count_{0};
};

/// What IPv4 options (Packet::ip_options) say of the way of the packet so far: Record Route, Loose
/// and Strict Source Route, and Internet Timestamp with addresses, RFC 791 3.1. Only what has been
/// filled in, not the room that is left or the route still ahead. An option that is damaged ends
/// it.
[[nodiscard]] RecordedRoute recorded_route(ByteView options);

}  // namespace remora::capture
