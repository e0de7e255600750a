#include "daemon/emit/endpoint_message.h"

#include <algorithm>
#include <array>
#include <string>

#include "daemon/emit/session_message.h"

namespace remora::emit {
namespace {

using session::NameSource;

v1::Endpoint::Name::Source name_source(NameSource source) {
  switch (source) {
    case NameSource::kTlsCertificate:
      return v1::Endpoint::Name::TLS_CERTIFICATE;
    case NameSource::kTlsSni:
      return v1::Endpoint::Name::TLS_SNI;
    case NameSource::kGccClientName:
      return v1::Endpoint::Name::GCC_CLIENT_NAME;
    case NameSource::kLicense:
      return v1::Endpoint::Name::LICENSE;
    case NameSource::kRedirection:
      return v1::Endpoint::Name::REDIRECTION;
  }
  return v1::Endpoint::Name::SOURCE_UNSPECIFIED;
}

/// Best first, protocols-rdp.md 8.6.
constexpr std::array kBestSources{
    NameSource::kTlsCertificate, NameSource::kRedirection, NameSource::kTlsSni,
    NameSource::kGccClientName,  NameSource::kLicense,
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

void add_end(const session::SessionEnd& end, v1::PathEntry::Role role, v1::Session& to) {
  auto& entry = *to.add_path();
  entry.set_address(end.address.address.to_text());
  entry.set_role(role);
  entry.set_source("flow");
  entry.set_name(best_name(end.names));
  if (end.ttl.has_value()) { entry.set_hops_from_sensor(hops(*end.ttl)); }
}

void add_address(const std::string& address, const std::string& name, v1::PathEntry::Role role,
                 const char* source, v1::Session& to) {
  const bool known =
      std::ranges::any_of(to.path(), [&](const auto& entry) { return entry.address() == address; });
  if (known || (address.empty() && name.empty())) { return; }
  auto& entry = *to.add_path();
  entry.set_address(address);
  entry.set_name(name);
  entry.set_role(role);
  entry.set_source(source);
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
  }
  to.set_fqdn(best_name(from.names));
}

void fill_path(const session::Session& from, v1::Session& to) {
  if (from.client_info.has_value() && !from.client_info->address.empty() &&
      from.client_info->address != from.client.address.address.to_text()) {
    add_address(from.client_info->address, {}, v1::PathEntry::CLIENT_PRIVATE,
                "security.client_info", to);
  }
  add_end(from.client, v1::PathEntry::CLIENT, to);
  add_end(from.server, v1::PathEntry::SERVER, to);
  if (from.request.has_value() && from.request->routing_target.has_value()) {
    add_address(from.request->routing_target->address.to_text(), {},
                v1::PathEntry::SERVER_ALTERNATE, "x224.routing_token", to);
  }
  for (const auto& redirection : from.redirections) {
    add_address(redirection.target_address, redirection.target_fqdn,
                v1::PathEntry::SERVER_ALTERNATE, "share.server_redirection", to);
    for (const auto& address : redirection.target_addresses) {
      add_address(address, redirection.target_fqdn, v1::PathEntry::SERVER_ALTERNATE,
                  "share.server_redirection", to);
    }
  }
}

}  // namespace remora::emit
