#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace remora::observation {

/// A SYN datagram of RDP-UDP, [MS-RDPEUDP] 2.2.2. Its sender is the RDP client.
struct UdpTransportRequested {
  std::uint16_t version{1};  ///< uUdpVer, highest offered: 1, 2, 0101h; 1 where none was sent
  bool lossy{false};
  std::optional<std::array<std::byte, 16>> correlation_id{};
  std::optional<std::array<std::byte, 32>> cookie_hash{};  ///< SHA-256 of the security cookie
  bool operator==(const UdpTransportRequested&) const = default;
};

/// The SYN and ACK datagram that answers. Its sender is the RDP server.
struct UdpTransportAccepted {
  std::uint16_t version{1};
  bool lossy{false};
  bool operator==(const UdpTransportAccepted&) const = default;
};

/// An Initiate Multitransport Request, [MS-RDPBCGR] 2.2.15.1: the server asks its client for a UDP
/// transport. The cookie that the client is to show there is not kept.
struct UdpTransportInvited {
  bool lossy{false};
  std::array<std::byte, 32> cookie_hash{};  ///< SHA-256 of the security cookie
  bool operator==(const UdpTransportInvited&) const = default;
};

/// A Tunnel Create Request, [MS-RDPEMT] 2.2.2.1, read inside what protects a UDP transport: its
/// client names the session that the transport is for. The cookie that it shows is not kept.
struct TunnelRequested {
  std::uint32_t request_id{0};
  std::array<std::byte, 32> cookie_hash{};  ///< SHA-256 of the security cookie
  bool operator==(const TunnelRequested&) const = default;
};

/// A Tunnel Create Response, [MS-RDPEMT] 2.2.2.2: whether the server takes the transport.
struct TunnelAnswered {
  std::uint32_t result{0};  ///< HRESULT; the upper half of the numbers are refusals
  bool operator==(const TunnelAnswered&) const = default;
};

/// A Soft-Sync Request, [MS-RDPEDYC] 2.2.5.1: from here on the server sends what these dynamic
/// channels carry over the UDP transport of that kind.
struct ChannelsMoved {
  bool lossy{false};
  std::vector<std::string> channels{};  ///< those whose names are known
  bool operator==(const ChannelsMoved&) const = default;
};

/// Something of a Remote Desktop Gateway connection, [MS-TSGU], was seen in clear, or concluded.
struct GatewaySeen {
  enum class Transport : std::uint8_t { kRpcOverHttp, kHttp, kWebSocket, kUdp, kVirtualDesktop };
  Transport transport{};
  std::string gateway_name{};    ///< Host header or server name indication
  std::string connection_id{};   ///< RDG-Connection-Id, the same on both channels
  std::string correlation_id{};  ///< RDG-Correlation-Id
  std::string user{};            ///< RDG-User-Id or NTLM, without domain
  std::string domain{};
  std::string client_machine{};  ///< TUNNEL_AUTH
  std::string target_name{};     ///< CHANNEL_CREATE
  std::optional<std::uint16_t> target_port{};
  bool inferred{false};  ///< concluded from names and ports, not read
  bool operator==(const GatewaySeen&) const = default;
};

}  // namespace remora::observation
