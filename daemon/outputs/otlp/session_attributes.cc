#include "daemon/outputs/otlp/session_attributes.h"

#include <algorithm>
#include <cctype>

namespace remora::outputs::otlp {
namespace {

/// The conventions print fingerprints in upper case.
std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

void fill_protocol(const v1::Session& session, Attributes& attributes) {
  attributes.text("network.protocol.name", "rdp");
  if (!session.transports().empty()) {
    const bool udp = session.transports(0) == v1::Session::UDP;
    attributes.text("network.transport", udp ? "udp" : "tcp");
  }
  const auto& address = session.client().address();
  if (!address.empty()) {
    attributes.text("network.type", address.find(':') == std::string::npos ? "ipv4" : "ipv6");
  }
}

void fill_certificate(const v1::Certificate& certificate, Attributes& attributes) {
  attributes.text("tls.server.subject", certificate.subject());
  attributes.text("tls.server.issuer", certificate.issuer());
  if (certificate.has_not_before()) {
    attributes.time("tls.server.not_before", certificate.not_before());
  }
  if (certificate.has_not_after()) {
    attributes.time("tls.server.not_after", certificate.not_after());
  }
  attributes.text("tls.server.hash.sha1", upper(certificate.sha1()));
  attributes.text("tls.server.hash.sha256", upper(certificate.sha256()));
  if (certificate.has_self_signed()) {
    attributes.flag("remora.tls.server.self_signed", certificate.self_signed());
  }
}

void fill_security(const v1::Session& session, Attributes& attributes) {
  const auto& negotiation = session.negotiation();
  if (negotiation.selected_protocol() != v1::Negotiation::PROTOCOL_UNSPECIFIED) {
    attributes.text("remora.security.protocol",
                    v1::Negotiation::Protocol_Name(negotiation.selected_protocol()));
  }
  attributes.text("remora.security.failure", negotiation.failure());
  attributes.text("remora.cookie", negotiation.cookie());
  const auto& security = session.security();
  attributes.text("remora.security.encryption_method", security.encryption_method());
  attributes.text("remora.security.encryption_level", security.encryption_level());
  if (!security.has_tls()) { return; }
  const auto& tls = security.tls();
  if (tls.version().starts_with("TLS")) {
    attributes.text("tls.protocol.name", "tls");
    attributes.text("tls.protocol.version", std::string_view{tls.version()}.substr(3));
  }
  attributes.text("tls.cipher", tls.cipher());
  attributes.text("tls.client.ja3", tls.ja3());
  attributes.text("tls.server.ja3s", tls.ja3s());
  attributes.text("remora.tls.client.ja4", tls.ja4());
  attributes.text("remora.tls.client.server_name", tls.sni());
  fill_certificate(security.certificate(), attributes);
}

/// Who logged on, as the server says; else the first that was named.
const v1::User& main_user(const v1::Session& session) {
  const auto told =
      std::ranges::find(session.users(), v1::User::SAVE_SESSION_INFO, &v1::User::source);
  return told == session.users().end() ? session.users(0) : *told;
}

void fill_users(const v1::Session& session, Attributes& attributes) {
  if (session.users().empty()) { return; }
  fill_user(main_user(session), attributes);
  Attributes::Texts accounts;
  for (const auto& user : session.users()) {
    auto text = account(user);
    if (std::ranges::find(accounts, text) == accounts.end()) { *accounts.Add() = std::move(text); }
  }
  attributes.texts("remora.users", accounts);
}

void fill_client_software(const v1::ClientSoftware& software, Attributes& attributes) {
  attributes.text("remora.client.computer_name", software.computer_name());
  attributes.text("remora.client.operating_system", software.operating_system());
  attributes.text("remora.client.implementation", software.implementation());
  attributes.text("remora.client.reported_address", software.reported_address());
}

void fill_course(const v1::Session& session, Attributes& attributes) {
  if (session.has_opened()) { attributes.time("remora.session.opened", session.opened()); }
  if (session.has_accepted()) { attributes.time("remora.session.accepted", session.accepted()); }
  if (session.has_closed()) { attributes.time("remora.session.closed", session.closed()); }
  if (session.has_duration()) { attributes.seconds("remora.session.duration", session.duration()); }
  if (session.has_active_duration()) {
    attributes.seconds("remora.session.active_duration", session.active_duration());
  }
  if (session.outcome() != v1::Session::OUTCOME_UNSPECIFIED) {
    attributes.text("remora.session.outcome", v1::Session::Outcome_Name(session.outcome()));
  }
  if (session.end_reason() != v1::Session::END_REASON_UNSPECIFIED) {
    attributes.text("remora.session.end_reason", v1::Session::EndReason_Name(session.end_reason()));
  }
  if (session.has_error()) {
    attributes.text("remora.session.error", session.error().name().empty()
                                                ? std::to_string(session.error().code())
                                                : session.error().name());
  }
}

void fill_inside(const v1::Session& session, Attributes& attributes) {
  attributes.text("remora.server.implementation", session.server_software().implementation());
  attributes.text("remora.session.license_server", session.licensing().license_server());
  if (session.has_reactivation()) {
    attributes.number("remora.session.reactivations", session.reactivation().count());
  }
  if (session.network().has_average_rtt()) {
    attributes.seconds("remora.network.average_rtt", session.network().average_rtt());
  }
  if (session.network().has_client_rtt_average()) {
    attributes.seconds("remora.network.client_rtt", session.network().client_rtt_average());
  }
}

void fill_totals(const v1::Totals& totals, Attributes& attributes) {
  attributes.number("remora.session.client_bytes", totals.client_bytes());
  attributes.number("remora.session.server_bytes", totals.server_bytes());
  attributes.number("remora.session.client_packets", totals.client_packets());
  attributes.number("remora.session.server_packets", totals.server_packets());
  attributes.number("remora.session.gap_bytes", totals.gap_bytes());
}

void fill_path(const v1::Session& session, Attributes& attributes) {
  Attributes::Texts path;
  for (const auto& entry : session.path()) {
    *path.Add() = entry.address().empty() ? entry.name() : entry.address();
  }
  attributes.texts("remora.session.path", path);
}

void fill_kind_of_session(const v1::Session& session, Attributes& attributes) {
  if (session.kind() != v1::Session::KIND_UNSPECIFIED) {
    attributes.text("remora.session.kind", v1::Session::Kind_Name(session.kind()));
  }
  if (session.direction() != v1::Session::DIRECTION_UNSPECIFIED) {
    attributes.text("remora.session.direction", v1::Session::Direction_Name(session.direction()));
  }
  attributes.flag("remora.session.decrypted", session.decrypted());
  attributes.texts("remora.session.channels", session.channels());
  attributes.texts("remora.session.dynamic_channels", session.dynamic_channels());
  if (session.has_windows_session_id()) {
    attributes.number("remora.windows_session_id", session.windows_session_id());
  }
}

}  // namespace

std::string account(const v1::User& user) {
  return user.domain().empty() ? user.name() : user.domain() + '\\' + user.name();
}

void fill_user(const v1::User& user, Attributes& attributes) {
  attributes.text("user.name", user.name());
  attributes.text("remora.user.domain", user.domain());
  if (user.source() != v1::User::SOURCE_UNSPECIFIED) {
    attributes.text("remora.user.source", v1::User::Source_Name(user.source()));
  }
}

void fill_ends(const Ends& ends, Attributes& attributes) {
  const auto& client = ends.client;
  const auto& server = ends.server;
  const auto& opener = ends.client_opened ? client : server;
  const auto& other = ends.client_opened ? server : client;
  attributes.text("client.address", opener.address());
  if (opener.has_port()) { attributes.number("client.port", opener.port()); }
  attributes.text("server.address", other.address());
  if (other.has_port()) { attributes.number("server.port", other.port()); }
  attributes.text("remora.client.address", client.address());
  if (client.has_port()) { attributes.number("remora.client.port", client.port()); }
  attributes.text("remora.client.name", client.fqdn());
  attributes.text("remora.client.mac", client.mac());
  attributes.text("remora.server.address", server.address());
  if (server.has_port()) { attributes.number("remora.server.port", server.port()); }
  attributes.text("remora.server.name", server.fqdn());
  attributes.text("remora.server.mac", server.mac());
}

void fill_session(const v1::Session& session, Attributes& attributes) {
  fill_protocol(session, attributes);
  // Which side opened it is known with certainty, or else by the direction of the protocol.
  const bool server_opened = session.initiator() == v1::Session::SERVER ||
                             (session.initiator() == v1::Session::INITIATOR_UNSPECIFIED &&
                              session.direction() == v1::Session::REVERSE);
  fill_ends(
      {.client = session.client(), .server = session.server(), .client_opened = !server_opened},
      attributes);
  fill_kind_of_session(session, attributes);
  fill_users(session, attributes);
  fill_security(session, attributes);
  fill_client_software(session.client_software(), attributes);
  fill_course(session, attributes);
  fill_inside(session, attributes);
  if (session.has_totals()) { fill_totals(session.totals(), attributes); }
  fill_path(session, attributes);
}

}  // namespace remora::outputs::otlp
