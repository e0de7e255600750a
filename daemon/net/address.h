#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace remora::net {

/// Where a peer is reached. LIMIT: 255 characters of a host.
struct Address {
  std::string host;  ///< a name, an IPv4 or IPv6 address; without brackets
  std::uint16_t port{0};

  /// "host:port" or "[2001:db8::1]:port"; the port may be missing where there is a `default_port`.
  /// Fails with a text that says what is wrong and what is expected.
  [[nodiscard]] static tl::expected<Address, std::string> parse(
      std::string_view text, std::optional<std::uint16_t> default_port = std::nullopt);
};

/// As it was parsed.
[[nodiscard]] std::string to_string(const Address& address);

}  // namespace remora::net
