#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>

#include "capture/base/address.h"
#include "capture/base/bytes.h"
#include "capture/base/flow_key.h"
#include "capture/base/frame.h"
#include "capture/base/tunnel.h"
#include "capture/link/vlan_ids.h"

namespace remora::capture {

/// Control bits of a TCP header, RFC 9293 3.1.
enum class TcpFlag : std::uint8_t {
  kFin = 0x01,
  kSyn = 0x02,
  kRst = 0x04,
  kPsh = 0x08,
  kAck = 0x10,
  kUrg = 0x20,
  kEce = 0x40,
  kCwr = 0x80,
};

class TcpFlags {
 public:
  constexpr TcpFlags() = default;
  constexpr explicit TcpFlags(std::uint8_t raw) : raw_{raw} {}
  constexpr TcpFlags(std::initializer_list<TcpFlag> flags) {
    for (const auto flag : flags) { raw_ |= static_cast<std::uint8_t>(flag); }
  }

  [[nodiscard]] constexpr bool has(TcpFlag flag) const {
    return (raw_ & static_cast<std::uint8_t>(flag)) != 0;
  }
  [[nodiscard]] constexpr std::uint8_t raw() const { return raw_; }

  constexpr bool operator==(const TcpFlags&) const = default;

 private:
  std::uint8_t raw_{0};
};

/// One TCP segment or UDP datagram, whole. What it views is borrowed: from the frame it came in,
/// or, where it came in fragments, from the decapsulator until its next packet.
///
/// Inside tunnels all of it is of the innermost packet, but for `at` and `wire_bytes`; link
/// addresses and VLANs are of the innermost Ethernet header.
struct Packet {
  Instant at;                   ///< of the frame, or of the fragment that completed the datagram
  std::uint32_t wire_bytes{0};  ///< of the whole frame; of all frames where it came in fragments
  IpAddress source;
  IpAddress destination;
  Transport transport{Transport::kTcp};
  Port source_port{};
  Port destination_port{};
  std::uint8_t ttl{0};  ///< hop limit in IPv6

  std::uint32_t sequence{0};         ///< TCP only, as are the next three
  std::uint32_t acknowledgement{0};  ///< whether it counts is in the flags
  TcpFlags flags;
  std::uint16_t window{0};  ///< unscaled
  std::uint16_t urgent{0};  ///< the pointer; whether it counts is in the flags
  ByteView tcp_options;     ///< as captured

  ByteView payload;                     ///< what was captured of it
  std::uint32_t payload_wire_bytes{0};  ///< its length by the IP header; at least payload.size()

  std::optional<MacAddress> source_mac;
  std::optional<MacAddress> destination_mac;
  VlanIds vlans;

  ByteView segment;        ///< transport header and payload, as captured; what a checksum is over
  ByteView ip_header;      ///< IPv4, as captured; empty for IPv6 and where it came in fragments
  ByteView ip_options;     ///< IPv4 options of the datagram (of its first fragment), mostly empty
  bool fragmented{false};  ///< it, or a tunnel packet around it, came in fragments
  bool fragment_conflict{false};  ///< and they disagreed on bytes that they share
  TunnelStack tunnels;            ///< the encapsulations it came in
};

}  // namespace remora::capture
