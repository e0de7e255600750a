#include "dissect/session/path.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "dissect/encoding/teredo_address.h"

namespace remora::session {
namespace {

using observation::ProxyKind;
using observation::RouterSeen;

const char* rule_of(TunnelKind kind) {
  switch (kind) {
    case TunnelKind::kIpInIp:
      return "tunnel.ip_in_ip";
    case TunnelKind::kGre:
      return "tunnel.gre";
    case TunnelKind::kNvgre:
      return "tunnel.nvgre";
    case TunnelKind::kErspan1:
      return "tunnel.erspan1";
    case TunnelKind::kErspan2:
      return "tunnel.erspan2";
    case TunnelKind::kErspan3:
      return "tunnel.erspan3";
    case TunnelKind::kVxlan:
      return "tunnel.vxlan";
    case TunnelKind::kVxlanGpe:
      return "tunnel.vxlan_gpe";
    case TunnelKind::kGeneve:
      return "tunnel.geneve";
    case TunnelKind::kGtpU:
      return "tunnel.gtp_u";
    case TunnelKind::kTeredo:
      return "tunnel.teredo";
    case TunnelKind::kL2tp2:
      return "tunnel.l2tp2";
    case TunnelKind::kL2tp3:
      return "tunnel.l2tp3";
    case TunnelKind::kAh:
      return "tunnel.ah";
    case TunnelKind::kMplsInUdp:
      return "tunnel.mpls_in_udp";
  }
  return "tunnel";
}

const char* rule_of(RouterSeen::How how) {
  switch (how) {
    case RouterSeen::How::kTimeExceeded:
      return "icmp.time_exceeded";
    case RouterSeen::How::kUnreachable:
      return "icmp.unreachable";
    case RouterSeen::How::kTooBig:
      return "icmp.too_big";
    case RouterSeen::How::kRedirect:
      return "icmp.redirect";
    case RouterSeen::How::kParameterProblem:
      return "icmp.parameter_problem";
    case RouterSeen::How::kRecordRoute:
      return "ip.record_route";
    case RouterSeen::How::kTimestamp:
      break;
  }
  return "ip.timestamp";
}

const char* rule_of(ProxyKind kind) {
  switch (kind) {
    case ProxyKind::kSocks4:
      return "proxy.socks4";
    case ProxyKind::kSocks4a:
      return "proxy.socks4a";
    case ProxyKind::kSocks5:
      return "proxy.socks5";
    case ProxyKind::kHttpConnect:
      return "proxy.http_connect";
    case ProxyKind::kProxyV1:
      return "proxy.header_v1";
    case ProxyKind::kProxyV2:
      break;
  }
  return "proxy.header_v2";
}

bool is_header(ProxyKind kind) {
  return kind == ProxyKind::kProxyV1 || kind == ProxyKind::kProxyV2;
}

/// The path as it grows. INVARIANT: no two hops of the same role and place.
class Path {
 public:
  void add(Hop hop) {
    const bool known = std::ranges::any_of(hops_, [&](const Hop& old) {
      const bool same_role = old.role == hop.role || hop.role == HopRole::kServerAlternate;
      return same_role && old.address == hop.address &&
             (!hop.address.empty() || old.name == hop.name);
    });
    if (!known && !(hop.address.empty() && hop.name.empty())) { hops_.push_back(std::move(hop)); }
  }
  void add(const IpAddress& address, HopRole role, const char* source) {
    add({.address = address.to_text(), .name = {}, .role = role, .source = source});
  }
  void add(const SocketAddress& place, HopRole role, const char* source) {
    add({.address = place.address.to_text(),
         .name = {},
         .role = role,
         .source = source,
         .ttl = {},
         .port = to_number(place.port)});
  }
  void add(const SessionEnd& end, HopRole role) {
    add({.address = end.address.address.to_text(),
         .name = {},
         .role = role,
         .source = "flow",
         .ttl = end.ttl,
         .port = {}});
  }
  [[nodiscard]] std::vector<Hop> take() { return std::move(hops_); }

 private:
  std::vector<Hop> hops_;
};

std::vector<TunnelLayer> inwards(std::span<const TunnelLayer> layers) {
  return {layers.rbegin(), layers.rend()};
}

/// From the client the packets enter the innermost tunnel first: inner sources before outer ones,
/// outer destinations before inner ones. The server's packets show the same ends the other way
/// round, unless the ways differ.
void add_tunnels(const Session& session, Path& path) {
  const auto& forth = session.client_tunnels;
  for (const auto& layer : inwards(forth)) {
    path.add(layer.source, HopRole::kTunnelEndpoint, rule_of(layer.kind));
  }
  for (const auto& layer : forth) {
    path.add(layer.destination, HopRole::kTunnelEndpoint, rule_of(layer.kind));
  }
  const auto& back = session.server_tunnels;
  for (const auto& layer : inwards(back)) {
    path.add(layer.destination, HopRole::kTunnelEndpoint, rule_of(layer.kind));
  }
  for (const auto& layer : back) {
    path.add(layer.source, HopRole::kTunnelEndpoint, rule_of(layer.kind));
  }
}

void add_routers(const Session& session, Path& path) {
  for (const bool toward_server : {true, false}) {
    for (const auto& router : session.routers) {
      if (router.toward_server == toward_server) {
        path.add(router.seen.address, HopRole::kRouter, rule_of(router.seen.how));
      }
    }
  }
}

void add_target(const observation::ProxyAsked& asked, HopRole role, Path& path) {
  if (asked.target.has_value()) {
    path.add(*asked.target, role, rule_of(asked.kind));
  } else {
    path.add({.address = {},
              .name = asked.target_name,
              .role = role,
              .source = rule_of(asked.kind),
              .ttl = {},
              .port = asked.target_port});
  }
}

/// What an end's own address, and those that its ticket lists, tell of the NAT in front of it.
void add_nat(const Session& session, bool of_client, Path& path) {
  const auto add = [&](const IpAddress& address, const char* source) {
    if (const auto teredo = encoding::read_teredo_address(address)) {
      path.add(teredo->mapped, HopRole::kNat, source);
    }
  };
  add((of_client ? session.client : session.server).address.address, "teredo.address");
  if (session.reverse != of_client) { return; }
  if (session.public_side.has_value()) {
    path.add(*session.public_side, HopRole::kNat, "upnp.port_mapping");
  }
  for (const auto& listed : session.ticket_addresses) {
    if (listed.address.has_value()) { add(*listed.address, "ticket.teredo"); }
  }
}

/// A client that asks a proxy ends its connection there: the flow's other end is the proxy, and the
/// server is what the last of a chain was asked for. Where the server dials through the proxy (a
/// reverse connection), the same holds with the roles exchanged.
void add_ends(const Session& session, Path& path) {
  const auto asked_by = [&](bool client) {
    std::vector<const observation::ProxyAsked*> found;
    for (const auto& proxy : session.proxies) {
      if (proxy.by_client == client && !is_header(proxy.asked.kind)) {
        found.push_back(&proxy.asked);
      }
    }
    return found;
  };
  const auto from_server = asked_by(false);
  if (!from_server.empty()) { add_target(*from_server.back(), HopRole::kClient, path); }
  for (const auto& proxy : session.proxies) {
    if (is_header(proxy.asked.kind) && proxy.asked.client.has_value()) {
      path.add(*proxy.asked.client, HopRole::kClient, rule_of(proxy.asked.kind));
    }
  }
  const bool client_is_proxy = !from_server.empty() || is_told_by_balancer(session);
  path.add(session.client, client_is_proxy ? HopRole::kProxy : HopRole::kClient);

  add_nat(session, true, path);
  add_tunnels(session, path);
  add_routers(session, path);
  if (session.redirector.has_value()) {
    path.add(*session.redirector, HopRole::kRedirector, "share.server_redirection");
  }

  add_nat(session, false, path);

  const auto from_client = asked_by(true);
  if (session.through_gateway) {
    path.add(session.server, HopRole::kGateway);
    const observation::GatewaySeen unknown;
    const auto& gateway = session.gateway.has_value() ? *session.gateway : unknown;
    const auto& behind = session.names_behind_server;
    path.add({.address = {},
              .name = gateway.target_name.empty() && !behind.empty() ? behind.front().name
                                                                     : gateway.target_name,
              .role = HopRole::kServer,
              .source = "gateway.channel_create",
              .ttl = {},
              .port = gateway.target_port});
    return;
  }
  path.add(session.server, from_client.empty() ? HopRole::kServer : HopRole::kProxy);
  for (std::size_t at = 0; at < from_client.size(); ++at) {
    add_target(*from_client[at], at + 1 == from_client.size() ? HopRole::kServer : HopRole::kProxy,
               path);
  }
}

/// "192.0.2.7", "192.0.2.7:11334", "[2001:db8::7]:11334": without the port.
std::optional<IpAddress> address_in(std::string text) {
  if (text.starts_with('[')) { return IpAddress::parse(text.substr(1, text.find(']') - 1)); }
  if (std::ranges::count(text, ':') == 1) { text.erase(text.find(':')); }
  return IpAddress::parse(text);
}

/// What a side says of its own addresses, where that is not what the packets say.
void add_told(const std::vector<std::string>& told, const SessionEnd& end, HopRole role,
              const char* rule, Path& path) {
  for (const auto& text : told) {
    const auto address = address_in(text);
    if (address.has_value() && *address != end.address.address) { path.add(*address, role, rule); }
  }
}

void add_alternatives(const Session& session, Path& path) {
  if (session.request.has_value() && session.request->routing_target.has_value()) {
    path.add(session.request->routing_target->address, HopRole::kServerAlternate,
             "x224.routing_token");
  }
  for (const auto& [redirected, at] : session.redirections) {
    path.add({.address = redirected.target_address,
              .name = redirected.target_fqdn,
              .role = HopRole::kServerAlternate,
              .source = "share.server_redirection"});
    for (const auto& address : redirected.target_addresses) {
      path.add({.address = address,
                .name = redirected.target_fqdn,
                .role = HopRole::kServerAlternate,
                .source = "share.server_redirection"});
    }
  }
  for (const auto& address : session.server_alternatives) {
    path.add(address, HopRole::kServerAlternate, "names");
  }
  for (const auto& address : session.server_addresses) {
    if (address != session.server.address.address) {
      path.add(address, HopRole::kServerAlternate, "dcom.bindings");
    }
  }
  add_told(session.novice_addresses, session.server, HopRole::kServerAlternate, "assistance.voice",
           path);
  if (session.reverse) { return; }
  for (const auto& listed : session.ticket_addresses) {
    if (listed.address.has_value() && *listed.address != session.server.address.address) {
      path.add(*listed.address, HopRole::kServerAlternate, "ticket");
    }
  }
}

/// The client's own word for its address, where it is not what others know it by anyway.
bool is_private_address(const Session& session, const std::string& text) {
  const auto told_by_balancer = [&](const ProxyOnPath& proxy) {
    return proxy.asked.client.has_value() && proxy.asked.client->address.to_text() == text;
  };
  const bool unspecified = text == "0.0.0.0" || text == "::";
  return !text.empty() && !unspecified && text != session.client.address.address.to_text() &&
         std::ranges::none_of(session.proxies, told_by_balancer);
}

}  // namespace

bool asks_proxy(const Session& session, bool by_client) {
  return std::ranges::any_of(session.proxies, [&](const ProxyOnPath& proxy) {
    return proxy.by_client == by_client && !is_header(proxy.asked.kind);
  });
}

bool is_told_by_balancer(const Session& session) {
  return std::ranges::any_of(session.proxies, [](const ProxyOnPath& proxy) {
    return is_header(proxy.asked.kind) && proxy.asked.client.has_value();
  });
}

std::vector<Hop> make_path(const Session& session) {
  Path path;
  if (session.client_info.has_value() &&
      is_private_address(session, session.client_info->address)) {
    path.add({.address = session.client_info->address,
              .name = {},
              .role = HopRole::kClientPrivate,
              .source = "security.client_info"});
  }
  add_told(session.expert_addresses, session.client, HopRole::kClientPrivate,
           "assistance.expert_address", path);
  add_ends(session, path);
  add_alternatives(session, path);
  return path.take();
}

}  // namespace remora::session
