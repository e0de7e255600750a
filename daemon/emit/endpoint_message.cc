#include "daemon/emit/endpoint_message.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "daemon/emit/session_message.h"
#include "dissect/session/path.h"

namespace remora::emit {
namespace {

using session::HopRole;
using session::NameSource;

v1::Endpoint::Name::Source name_source(NameSource source) {
  switch (source) {
    case NameSource::kTlsCertificate:
      return v1::Endpoint::Name::TLS_CERTIFICATE;
    case NameSource::kTlsSni:
      return v1::Endpoint::Name::TLS_SNI;
    case NameSource::kGccClientName:
      return v1::Endpoint::Name::GCC_CLIENT_NAME;
    case NameSource::kRdpdr:
      return v1::Endpoint::Name::RDPDR;
    case NameSource::kLicense:
      return v1::Endpoint::Name::LICENSE;
    case NameSource::kRedirection:
      return v1::Endpoint::Name::REDIRECTION;
    case NameSource::kDns:
    case NameSource::kDnsPointer:
      return v1::Endpoint::Name::DNS;
    case NameSource::kMdns:
      return v1::Endpoint::Name::MDNS;
    case NameSource::kLlmnr:
      return v1::Endpoint::Name::LLMNR;
    case NameSource::kNbns:
      return v1::Endpoint::Name::NBNS;
    case NameSource::kDhcp:
      return v1::Endpoint::Name::DHCP;
    case NameSource::kTlsSniElsewhere:
      return v1::Endpoint::Name::TLS_SNI;
    case NameSource::kNtlm:
      return v1::Endpoint::Name::NTLM;
    case NameSource::kKerberos:
    case NameSource::kKerberosInferred:
      return v1::Endpoint::Name::KERBEROS;
    case NameSource::kSmb:
      return v1::Endpoint::Name::SMB;
    case NameSource::kGateway:
      return v1::Endpoint::Name::GATEWAY;
    case NameSource::kTicket:
      return v1::Endpoint::Name::TICKET;
    case NameSource::kDcomBinding:
      return v1::Endpoint::Name::DCOM_BINDING;
    case NameSource::kClientInfo:
      return v1::Endpoint::Name::CLIENT_INFO;
    case NameSource::kProxy:
      return v1::Endpoint::Name::PROXY;
    case NameSource::kAssistance:
      return v1::Endpoint::Name::RA_CONTROL;
    case NameSource::kPreconnection:
      return v1::Endpoint::Name::PRECONNECTION;
  }
  return v1::Endpoint::Name::SOURCE_UNSPECIFIED;
}

/// Best first (protocols-rdp.md 8.6): what the machine proves, then what it was asked for or says
/// of itself, then what others say of its address. The client's own name in GCC and licensing
/// settings is short and its own word, so that a directory's full name comes before it. What
/// identifies a virtual machine is no name of a host.
constexpr std::array kBestSources{
    NameSource::kTlsCertificate,
    NameSource::kKerberos,
    NameSource::kNtlm,
    NameSource::kRedirection,
    NameSource::kTlsSni,
    NameSource::kProxy,
    NameSource::kTicket,
    NameSource::kAssistance,
    NameSource::kDcomBinding,
    NameSource::kDns,
    NameSource::kKerberosInferred,
    NameSource::kDhcp,
    NameSource::kRdpdr,
    NameSource::kGccClientName,
    NameSource::kClientInfo,
    NameSource::kLicense,
    NameSource::kGateway,
    NameSource::kMdns,
    NameSource::kLlmnr,
    NameSource::kNbns,
    NameSource::kDnsPointer,
    NameSource::kTlsSniElsewhere,
    NameSource::kSmb,
};

/// Best source first; within one, a name with a domain before one without, a real one before a
/// wildcard. Empty when there is no name.
std::string best_name(const std::vector<session::EndpointName>& names) {
  for (const auto source : kBestSources) {
    for (const bool with_domain : {true, false}) {
      const auto place = std::ranges::find_if(names, [&](const auto& name) {
        return name.source == source && name.name.front() != '*' &&
               (name.name.find('.') != std::string::npos) == with_domain;
      });
      if (place != names.end()) { return place->name; }
    }
  }
  return {};
}

/// Routers between the sensor and the sender: senders start at 32, 64, 128 or 255 (RFC 1700 and
/// habit), and each router takes one.
std::uint32_t hops(std::uint8_t ttl) {
  for (const std::uint32_t start : {32U, 64U, 128U, 255U}) {
    if (ttl <= start) { return start - ttl; }
  }
  return 0;
}

/// Addresses of a session's ends, as hops have them.
struct EndAddresses {
  std::string client;
  std::string server;
};

/// What the path itself does not name has the name of the end that is there. Behind a proxy or a
/// gateway the names told inside are the ends' of the path, where they lie elsewhere.
std::string name_of(const session::Hop& hop, const session::Session& session,
                    const EndAddresses& ends) {
  if (!hop.name.empty()) { return hop.name; }
  if (hop.role == HopRole::kServer && !session.names_behind_server.empty()) {
    return best_name(session.names_behind_server);
  }
  if (hop.role == HopRole::kClient && !session.names_behind_client.empty()) {
    return best_name(session.names_behind_client);
  }
  if (hop.address == ends.server) { return best_name(session.server.names); }
  if (hop.address == ends.client) { return best_name(session.client.names); }
  return {};
}

v1::PathEntry::Role role_of(HopRole role) {
  switch (role) {
    case HopRole::kClientPrivate:
      return v1::PathEntry::CLIENT_PRIVATE;
    case HopRole::kClient:
      return v1::PathEntry::CLIENT;
    case HopRole::kNat:
      return v1::PathEntry::NAT;
    case HopRole::kRouter:
      return v1::PathEntry::ROUTER;
    case HopRole::kTunnelEndpoint:
      return v1::PathEntry::TUNNEL_ENDPOINT;
    case HopRole::kGateway:
      return v1::PathEntry::GATEWAY;
    case HopRole::kProxy:
      return v1::PathEntry::PROXY;
    case HopRole::kRedirector:
      return v1::PathEntry::REDIRECTOR;
    case HopRole::kServerAlternate:
      return v1::PathEntry::SERVER_ALTERNATE;
    case HopRole::kServer:
      break;
  }
  return v1::PathEntry::SERVER;
}

}  // namespace

void fill(const session::SessionEnd& from, v1::Endpoint& to) {
  to.set_address(from.address.address.to_text());
  to.set_port(to_number(from.address.port));
  if (from.mac.has_value()) { to.set_mac(from.mac->to_text()); }
  for (const auto& name : from.names) {
    auto& added = *to.add_names();
    added.set_name(name.name);
    added.set_source(name_source(name.source));
    fill(name.seen.time, *added.mutable_first_seen());
    added.set_frame(to_number(name.seen.frame));
    if (name.source == NameSource::kKerberosInferred) {
      added.set_certainty(v1::Knowledge::INFERRED);
    }
  }
  to.set_fqdn(best_name(from.names));
}

void fill_path(const session::Session& from, v1::Session& to) {
  const EndAddresses ends{.client = from.client.address.address.to_text(),
                          .server = from.server.address.address.to_text()};
  for (auto& hop : session::make_path(from)) {
    auto& entry = *to.add_path();
    entry.set_role(role_of(hop.role));
    entry.set_source(hop.source);
    if (hop.ttl.has_value()) { entry.set_hops_from_sensor(hops(*hop.ttl)); }
    if (hop.port.has_value()) { entry.set_port(*hop.port); }
    entry.set_name(name_of(hop, from, ends));
    entry.set_address(std::move(hop.address));
  }
}

}  // namespace remora::emit
