#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "dissect/observation/ticket.h"

namespace remora::ticket {

/// LIMIT: addresses kept of one ticket.
inline constexpr std::size_t kMaxTicketAddresses = 64;

/// Decimal digits that name a port, 1 to 65535.
[[nodiscard]] std::optional<Port> read_port(std::string_view digits);

/// An address, IPv6 with or without scope, or a machine's name. Empty when it can be neither.
[[nodiscard]] std::optional<observation::TicketAddress> read_host(std::string_view text,
                                                                  std::optional<Port> port);

/// "host:port", an item of the machine address list of connection string 1.
[[nodiscard]] std::optional<observation::TicketAddress> read_host_and_port(std::string_view item);

/// Base64 of exactly twenty bytes.
[[nodiscard]] std::optional<observation::Sha1> read_sha1(std::string_view base64);

}  // namespace remora::ticket
