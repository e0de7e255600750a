#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dissect/session/session.h"

namespace remora::session {

enum class HopRole : std::uint8_t {
  kClientPrivate,
  kClient,
  kNat,
  kRouter,
  kTunnelEndpoint,
  kGateway,
  kProxy,
  kRedirector,
  kServerAlternate,
  kServer,
};

/// One address that the session is known to traverse.
struct Hop {
  std::string address;  ///< text; empty where only a name is known
  std::string name;     ///< where the address is not an end of the session; may be empty
  HopRole role{};
  const char* source{""};             ///< stable name of the rule that knows it
  std::optional<std::uint8_t> ttl{};  ///< of its packets, where the sensor sees them
  std::optional<std::uint16_t> port{};
};

/// The connection's other end is a proxy that was asked for a connection, by the RDP client or by
/// the server of a reverse connection.
[[nodiscard]] bool asks_proxy(const Session& session, bool by_client);
/// The client's end is a balancer that says in a PROXY header whom it serves.
[[nodiscard]] bool is_told_by_balancer(const Session& session);

/// The addresses from client to server, each role and address once: the client's own view of its
/// address, the client, the NATs, tunnels and routers, redirectors, proxies and gateways, the
/// server, and what else the server is called.
[[nodiscard]] std::vector<Hop> make_path(const Session& session);

}  // namespace remora::session
