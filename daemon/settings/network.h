#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "capture/base/address.h"

namespace remora::settings {

/// An address and how many of its leading bits count.
class Network {
 public:
  /// "192.0.2.0/24", "2001:db8::/32", or one address. Fails, with a text that says what is wanted,
  /// also where a bit is set that does not count: such a network was meant to be another.
  [[nodiscard]] static tl::expected<Network, std::string> parse(std::string_view text);

  [[nodiscard]] bool contains(const IpAddress& address) const;
  /// "192.0.2.0/24"
  [[nodiscard]] std::string to_text() const;
  bool operator==(const Network&) const = default;

 private:
  Network(const IpAddress& first, unsigned bits) : first_{first}, bits_{bits} {}

  IpAddress first_;
  unsigned bits_;
};

}  // namespace remora::settings
