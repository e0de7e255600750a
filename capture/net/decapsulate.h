#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "capture/base/frame.h"
#include "capture/link/link_layer.h"
#include "capture/net/echo_route.h"
#include "capture/net/fragments.h"
#include "capture/net/icmp_error.h"
#include "capture/net/ip.h"
#include "capture/net/packet.h"
#include "capture/net/tunnels/encapsulated.h"

namespace remora::capture {

/// LIMIT: steps from the outermost link header to TCP or UDP. A step is an Ethernet frame, a stack
/// of labels, or an IP header with the tunnel's header behind it: eight tunnels of Ethernet.
inline constexpr int kMaxLayers = 16;

/// What became of a frame.
enum class Unwrapped : std::uint8_t {
  kPacket,           ///< a packet was written
  kNotIp,            ///< ARP and the like, or a link control frame
  kTruncated,        ///< a header is cut short by the snap length
  kBadHeader,        ///< a header contradicts itself, or was sent short
  kFragmentWaiting,  ///< kept until the rest of its datagram comes
  kFragmentDropped,  ///< overlaps in IPv6, lies outside a datagram, or meets a limit
  kNotTcpUdp,        ///< ICMP, ESP, …, or a tunnel's control message
  kUnsupportedLink,  ///< a link type that Remora cannot read
  kTooDeep,          ///< more layers than kMaxLayers
  kIcmpError,        ///< not a packet, and no loss: `icmp_error` says what a router told
  kEchoRoute,        ///< likewise: `echo_route` says which routers wrote into an echo
};

inline constexpr std::size_t kUnwrappedKinds = 11;

/// Takes frames apart down to TCP or UDP, through tunnels. Owns the fragments that wait for the
/// rest of their datagrams and nothing else. Same frames, same packets.
///
/// Tunnels in UDP are recognised by port and content. Where what is inside cannot be read, or is
/// no TCP or UDP, the UDP datagram around it is the packet.
///
/// Checksums are verified on request only: network cards compute them after the capture point.
/// Padding behind a datagram is not payload. Allocates for fragments only.
class Decapsulator {
 public:
  /// `verify_headers`: a datagram with a wrong IPv4 header checksum is a bad header.
  explicit Decapsulator(const FragmentLimits& limits = {}, bool verify_headers = false)
      : verify_headers_{verify_headers}, fragments_{limits} {}

  /// Writes one packet when the answer is kPacket. When it is kIcmpError or kEchoRoute, `out.at`,
  /// `wire_bytes` and `tunnels` are those of the ICMP packet. Otherwise `out` is left in an unknown
  /// state.
  [[nodiscard]] Unwrapped next(const Frame& frame, Packet& out);

  /// After kIcmpError, until the next `next`.
  [[nodiscard]] const IcmpError& icmp_error() const { return icmp_error_; }
  /// After kEchoRoute, until the next `next`.
  [[nodiscard]] const EchoRoute& echo_route() const { return echo_route_; }

  /// How often `next` gave this answer.
  [[nodiscard]] std::uint64_t count(Unwrapped kind) const {
    return counts_.at(static_cast<std::size_t>(kind));
  }
  [[nodiscard]] const FragmentTable& fragments() const { return fragments_; }

 private:
  /// Where the walk through a frame stands.
  struct Walk {
    LinkResult link;                    ///< what comes next, and its bytes
    std::uint32_t wire_bytes{0};        ///< of `link.payload`; at least its size
    std::uint32_t frame_wire_bytes{0};  ///< of all frames that brought this
    std::uint64_t context{0};           ///< tells apart the networks around `link`
    bool fragmented{false};
    bool fragment_conflict{false};
    std::optional<std::size_t> fallback{};  ///< a UDP packet was written, in so many tunnels
  };
  /// The end of the walk, or nothing: it goes on.
  using Step = std::optional<Unwrapped>;

  [[nodiscard]] Unwrapped unwrap(const Frame& frame, Packet& out);
  [[nodiscard]] static Step through_link(Walk& walk);
  [[nodiscard]] Step through_ip(Walk& walk, Packet& out);
  [[nodiscard]] static Step through_udp(Walk& walk, const IpHeader& ip, Packet& out);
  [[nodiscard]] static Step into_tunnel(Walk& walk, const IpHeader& ip, const Encapsulated& inner,
                                        Packet& out);
  /// Makes `ip` the whole datagram when the fragment that it is completes one.
  [[nodiscard]] Step join(Walk& walk, Moment time, IpHeader& ip);

  bool verify_headers_;
  FragmentTable fragments_;
  std::vector<FragmentTable::Outcome> joined_;  ///< what the last packet borrows, one each layer
  IcmpError icmp_error_;
  EchoRoute echo_route_;
  std::array<std::uint64_t, kUnwrappedKinds> counts_{};
};

}  // namespace remora::capture
