#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "capture/base/frame.h"
#include "capture/net/fragments.h"
#include "capture/net/packet.h"

namespace remora::capture {

/// What became of a frame.
enum class Unwrapped : std::uint8_t {
  kPacket,           ///< a packet was written
  kNotIp,            ///< ARP and the like, or a link control frame
  kTruncated,        ///< a header is cut short by the snap length
  kBadHeader,        ///< a header contradicts itself, or was sent short
  kFragmentWaiting,  ///< kept until the rest of its datagram comes
  kFragmentDropped,  ///< overlaps in IPv6, lies outside a datagram, or meets a limit
  kNotTcpUdp,        ///< ICMP, GRE, ESP, …
  kUnsupportedLink,  ///< a link type that Remora cannot read
};

inline constexpr std::size_t kUnwrappedKinds = 8;

/// Takes frames apart down to TCP or UDP. Owns the fragments that wait for the rest of their
/// datagrams and nothing else. Same frames, same packets.
///
/// Checksums are not verified: network cards compute them after the capture point. Padding behind
/// a datagram is not payload. Allocates for fragments only.
class Decapsulator {
 public:
  explicit Decapsulator(const FragmentLimits& limits = {}) : fragments_{limits} {}

  /// Writes one packet when the answer is kPacket; otherwise `out` is left in an unknown state.
  [[nodiscard]] Unwrapped next(const Frame& frame, Packet& out);

  /// How often `next` gave this answer.
  [[nodiscard]] std::uint64_t count(Unwrapped kind) const {
    return counts_.at(static_cast<std::size_t>(kind));
  }
  [[nodiscard]] const FragmentTable& fragments() const { return fragments_; }

 private:
  [[nodiscard]] Unwrapped unwrap(const Frame& frame, Packet& out);
  [[nodiscard]] Unwrapped join(const IpHeader& fragment, Packet& out);

  FragmentTable fragments_;
  std::array<std::uint64_t, kUnwrappedKinds> counts_{};
};

}  // namespace remora::capture
