#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "capture/base/address.h"
#include "capture/base/flow_key.h"
#include "capture/base/tunnel.h"

namespace remora::observation {

/// One side's packets come in these encapsulations from here on. None: plain.
struct TunnelsSeen {
  TunnelStack tunnels;
  bool operator==(const TunnelsSeen&) const = default;
};

/// A router told of itself.
struct RouterSeen {
  enum class How : std::uint8_t {
    kTimeExceeded,      ///< ICMP 11, ICMPv6 3
    kUnreachable,       ///< ICMP 3, ICMPv6 1
    kTooBig,            ///< ICMP 3 code 4, ICMPv6 2
    kRedirect,          ///< ICMP 5: `address` is the better gateway
    kParameterProblem,  ///< ICMP 12, ICMPv6 4
    kRecordRoute,       ///< IPv4 option 7
    kTimestamp,         ///< IPv4 option 68 with addresses
  };
  How how{};
  IpAddress address;
  bool operator==(const RouterSeen&) const = default;  ///< `Finding::from`: whose packets passed it
};

/// The distance of one side, as the TTL of its packets tells it, is not what it was.
struct DistanceChanged {
  std::uint8_t ttl_before{0};
  std::uint8_t ttl_after{0};
  bool operator==(const DistanceChanged&) const = default;
};

/// What asks for a connection to somewhere else, or says from where it comes.
enum class ProxyKind : std::uint8_t {
  kSocks4,
  kSocks4a,
  kSocks5,
  kHttpConnect,
  kProxyV1,  ///< PROXY protocol: the sender is a balancer that names its client
  kProxyV2,
};

/// A request to a proxy, or a balancer's header. Its sender opened the connection.
struct ProxyAsked {
  ProxyKind kind{};
  std::optional<SocketAddress> target{};  ///< SOCKS, CONNECT: where to; PROXY: its destination
  std::string target_name{};              ///< where a name was given instead; UTF-8
  std::optional<std::uint16_t> target_port{};
  std::optional<SocketAddress> client{};  ///< PROXY: the real client
  std::string user{};                     ///< account given to the proxy; never the password
  std::string authority{};                ///< PROXY: host that the client asked for; UTF-8
  bool operator==(const ProxyAsked&) const = default;
};

/// The proxy's answer.
struct ProxyAnswered {
  bool granted{false};
  std::uint32_t code{0};
  std::optional<SocketAddress> bound{};  ///< from where the proxy goes on, where it tells
  bool operator==(const ProxyAnswered&) const = default;
};

}  // namespace remora::observation
