#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "capture/base/address.h"
#include "capture/base/bytes.h"
#include "dissect/observation/path.h"

namespace remora::proxy {

/// LIMIT: bytes of a client that speaks on after its request before they stand for an answer that
/// was not captured. An RDP client's first word is shorter mostly, and it waits for the answer to
/// it.
inline constexpr std::size_t kPatience = 128;

/// An address of 4 or 16 bytes in network order; empty for any other size.
[[nodiscard]] std::optional<IpAddress> to_address(ByteView bytes);

/// A decimal port; empty when it is none.
[[nodiscard]] std::optional<std::uint16_t> to_port(std::string_view text);

/// Puts in where the client wants to go: as an address where `host` is one, else as a name.
void set_target(observation::ProxyAsked& asked, std::string_view host, std::uint16_t port);

}  // namespace remora::proxy
