#pragma once

#include <cstdint>
#include <optional>

#include "capture/net/tunnels/encapsulated.h"

namespace remora::capture {

/// Teredo, RFC 4380 5.1.1: IPv6 in UDP, behind authentication and origin indications where they
/// are. Empty when it is cut short or something else, also when the IPv6 packet is longer than what
/// `wire_bytes`, the datagram's payload on the wire, leaves for it.
[[nodiscard]] std::optional<Encapsulated> read_teredo(ByteView datagram, std::uint32_t wire_bytes);

/// The same away from Teredo's port, where only the bare IPv6 packet can be told: of exactly the
/// datagram's size, with a Teredo address at one end at least.
[[nodiscard]] std::optional<Encapsulated> read_teredo_elsewhere(ByteView datagram,
                                                                std::uint32_t wire_bytes);

}  // namespace remora::capture
