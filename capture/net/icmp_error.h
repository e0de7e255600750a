#pragma once

#include <cstdint>
#include <optional>

#include "capture/base/address.h"
#include "capture/base/flow_key.h"

namespace remora::capture {

/// An ICMP or ICMPv6 error that quotes a TCP or UDP packet, or an echo (RFC 792, RFC 4443;
/// protocols-rdp.md 8.3): a router, or the destination, told of itself.
struct IcmpError {
  IpAddress reporter;  ///< source of the ICMP packet
  std::uint8_t type{0};
  std::uint8_t code{0};
  std::uint8_t ttl{0};                 ///< of the ICMP packet itself
  std::optional<IpAddress> gateway{};  ///< of a redirect
  SocketAddress source;                ///< of the quoted packet; port 0 of an echo
  SocketAddress destination;
  std::optional<Transport> transport{};  ///< none of an echo
  std::uint32_t sequence{0};             ///< TCP
};

}  // namespace remora::capture
