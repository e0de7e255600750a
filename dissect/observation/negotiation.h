#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "capture/base/address.h"
#include "dissect/observation/named_code.h"

namespace remora::observation {

/// An X.224 Connection Request, [MS-RDPBCGR] 2.2.1.1. Its sender is the RDP client.
struct ConnectionRequested {
  std::optional<std::string> cookie{};            ///< what follows "mstshash="; UTF-8
  std::optional<std::string> routing_token{};     ///< any other text before CRLF, whole; UTF-8
  std::optional<SocketAddress> routing_target{};  ///< decoded from "msts=<ip>.<port>.<reserved>"
  std::optional<std::uint32_t> requested_protocols{};  ///< absent: no RDP_NEG_REQ was sent
  std::uint8_t flags{0};                               ///< RDP_NEG_REQ.flags, unknown bits kept
  std::optional<std::array<std::byte, 16>> correlation_id{};
  bool operator==(const ConnectionRequested&) const = default;
};

/// An X.224 Connection Confirm without failure, 2.2.1.2. Its sender is the RDP server.
struct ConnectionConfirmed {
  std::optional<std::uint32_t> selected_protocol{};  ///< absent: server older than negotiation
  std::uint8_t flags{0};                             ///< RDP_NEG_RSP.flags
  std::optional<std::uint16_t> source_reference{};   ///< SRC-REF, X.224 13.4
  bool operator==(const ConnectionConfirmed&) const = default;
};

/// RDP_NEG_FAILURE, 2.2.1.2.2.
struct NegotiationFailed {
  NamedCode failure;
  bool operator==(const NegotiationFailed&) const = default;
};

}  // namespace remora::observation
