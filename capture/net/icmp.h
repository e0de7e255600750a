#pragma once

#include <optional>

#include "capture/net/icmp_error.h"
#include "capture/net/ip.h"

namespace remora::capture {

/// IANA "Assigned Internet Protocol Numbers".
inline constexpr std::uint8_t kProtocolIcmp = 1;
inline constexpr std::uint8_t kProtocolIcmp6 = 58;

/// The error that the payload of `ip` (kProtocolIcmp or kProtocolIcmp6) tells: ICMP destination
/// unreachable, source quench, redirect, time exceeded and parameter problem (RFC 792), ICMPv6
/// destination unreachable, packet too big, time exceeded and parameter problem (RFC 4443 3).
///
/// The quoted packet may be cut behind 8 bytes of its transport header; extensions behind it (RFC
/// 4884) are not read. Empty for other messages, and where the quoted packet is not the beginning
/// of a TCP or UDP packet or of an echo, with which Windows traces routes.
[[nodiscard]] std::optional<IcmpError> read_icmp_error(const IpHeader& ip);

}  // namespace remora::capture
