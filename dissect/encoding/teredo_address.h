#pragma once

#include <optional>

#include "capture/base/address.h"

namespace remora::encoding {

/// What a Teredo address tells of the machine that has it, RFC 4380 4.
struct TeredoAddress {
  IpAddress server;      ///< the Teredo server that it asked
  SocketAddress mapped;  ///< what it looks like from outside of its NAT: public address, UDP port
};

/// Empty for an address outside of 2001:0::/32.
[[nodiscard]] std::optional<TeredoAddress> read_teredo_address(const IpAddress& address);

}  // namespace remora::encoding
