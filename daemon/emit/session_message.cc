#include "daemon/emit/session_message.h"

#include <algorithm>
#include <array>
#include <string>

#include "daemon/emit/course_message.h"
#include "daemon/emit/endpoint_message.h"
#include "daemon/emit/wire_words.h"
#include "dissect/encoding/text.h"

namespace remora::emit {
namespace {

using session::Session;

// REDIRECTED_SESSIONID_FIELD_VALID, [MS-RDPBCGR] 2.2.1.3.5.
constexpr std::uint32_t kSessionIdFieldValid = 0x2;

template <typename T, typename Set>
void set_if(const std::optional<T>& value, Set set) {
  if (value.has_value()) { set(*value); }
}

void fill_negotiation(const Session& from, v1::Negotiation& to) {
  to.set_attempts(from.attempts);
  if (from.request.has_value()) {
    const auto& request = *from.request;
    if (request.cookie.has_value()) { to.set_cookie(*request.cookie); }
    if (request.routing_token.has_value()) { to.set_routing_token(*request.routing_token); }
    if (request.routing_target.has_value()) {
      to.set_routing_address(request.routing_target->address.to_text());
      to.set_routing_port(to_number(request.routing_target->port));
    }
    if (request.requested_protocols.has_value()) {
      for (const auto word : requested_protocols(*request.requested_protocols)) {
        to.add_requested_protocols(word);
      }
      to.set_requested_protocols_raw(*request.requested_protocols);
    }
    for (auto& flag : request_flags(request.flags)) { to.add_request_flags(std::move(flag)); }
    if (request.correlation_id.has_value()) {
      to.set_correlation_id(encoding::to_hex(*request.correlation_id));
    }
  }
  if (from.confirm.has_value()) {
    // A server older than negotiation answers without a choice, which means Standard RDP Security.
    to.set_selected_protocol(selected_protocol(from.confirm->selected_protocol.value_or(0)));
    set_if(from.confirm->selected_protocol, [&](auto v) { to.set_selected_protocol_raw(v); });
    for (auto& flag : response_flags(from.confirm->flags)) {
      to.add_response_flags(std::move(flag));
    }
  }
  if (from.failure.has_value()) {
    to.set_failure(from.failure->name.empty() ? "UNKNOWN_" + std::to_string(from.failure->code)
                                              : from.failure->name);
  }
}

void fill_tls(const Session& from, v1::Tls& to) {
  if (from.tls_client.has_value()) {
    if (from.tls_client->sni.has_value()) { to.set_sni(*from.tls_client->sni); }
    to.set_ja3(from.tls_client->ja3);
    to.set_ja4(from.tls_client->ja4);
    for (const auto version : from.tls_client->versions) {
      to.add_client_versions(tls_version(version));
    }
    for (const auto& protocol : from.tls_client->alpn) { to.add_alpn(protocol); }
  }
  if (from.tls_server.has_value()) {
    to.set_version(tls_version(from.tls_server->version));
    to.set_cipher(from.tls_server->cipher_name);
    to.set_ja3s(from.tls_server->ja3s);
  }
}

void fill_certificate(const observation::CertificateSeen& from, v1::Certificate& to) {
  to.set_subject(from.subject);
  to.set_issuer(from.issuer);
  to.set_serial(from.serial);
  if (from.not_before.has_value()) { fill(*from.not_before, *to.mutable_not_before()); }
  if (from.not_after.has_value()) { fill(*from.not_after, *to.mutable_not_after()); }
  for (const auto& name : from.names) { to.add_names(name); }
  if (from.names.empty() && !from.common_name.empty()) { to.add_names(from.common_name); }
  to.set_sha1(encoding::to_hex(from.sha1));
  to.set_sha256(encoding::to_hex(from.sha256));
  to.set_self_signed(from.self_signed);
  to.set_public_key_bits(from.public_key_bits);
  to.set_signature_algorithm(from.signature_algorithm);
}

void fill_security(const Session& from, v1::Session& session) {
  if (from.client_settings.has_value()) {
    // A client of the French locale puts its methods into the second field, 2.2.1.3.3.
    const auto bits = from.client_settings->encryption_methods.value_or(0) |
                      from.client_settings->ext_encryption_methods.value_or(0);
    for (auto& method : encryption_methods(bits)) {
      session.mutable_security()->add_client_encryption_methods(std::move(method));
    }
  }
  if (from.server_settings.has_value()) {
    const auto& settings = *from.server_settings;
    auto& to = *session.mutable_security();
    if (settings.encryption_method.has_value()) {
      to.set_encryption_method(encryption_method(*settings.encryption_method));
    }
    if (settings.encryption_level.has_value()) {
      to.set_encryption_level(encryption_level(*settings.encryption_level));
    }
    to.set_server_key_bits(settings.public_key_bits.value_or(0));
    if (settings.certificate == observation::ServerCertificateKind::kProprietary) {
      to.set_server_certificate_kind("PROPRIETARY");
    } else if (settings.certificate == observation::ServerCertificateKind::kX509Chain) {
      to.set_server_certificate_kind("X509_CHAIN");
    }
  }
  if (from.tls_client.has_value() || from.tls_server.has_value()) {
    fill_tls(from, *session.mutable_security()->mutable_tls());
  }
  if (from.certificate.has_value()) {
    fill_certificate(*from.certificate, *session.mutable_security()->mutable_certificate());
  }
}

void fill_client_core(const observation::ClientSettings& from, v1::ClientSoftware& to) {
  set_if(from.client_name, [&](const auto& v) { to.set_computer_name(v); });
  set_if(from.client_build, [&](auto v) { to.set_build(v); });
  const auto build = client_build(from.client_build.value_or(0));
  to.set_operating_system(std::string{build.operating_system});
  const auto version = core_version(from.version.value_or(0));
  to.set_rdp_version(std::string{version.empty() ? build.rdp_version : version});
  set_if(from.version, [&](auto v) { to.set_core_version(v); });
  set_if(from.sas_sequence, [&](auto v) { to.set_sas_sequence(v); });
  set_if(from.keyboard_layout, [&](auto v) { to.set_keyboard_layout(v); });
  set_if(from.digital_product_id, [&](const auto& v) { to.set_product_id(v); });
  set_if(from.desktop_width, [&](auto v) { to.set_desktop_width(v); });
  set_if(from.desktop_height, [&](auto v) { to.set_desktop_height(v); });
  set_if(from.color_depth, [&](auto v) { to.set_color_depth(v); });
  set_if(from.keyboard_type, [&](auto v) { to.set_keyboard_type(v); });
  set_if(from.keyboard_subtype, [&](auto v) { to.set_keyboard_subtype(v); });
  set_if(from.keyboard_function_keys, [&](auto v) { to.set_keyboard_function_keys(v); });
  set_if(from.ime_file_name, [&](const auto& v) { to.set_ime_file_name(v); });
  set_if(from.serial_number, [&](auto v) { to.set_serial_number(v); });
  set_if(from.client_product_id, [&](auto v) { to.set_client_product_id(v); });
  set_if(from.supported_color_depths, [&](auto v) { to.set_supported_color_depths(v); });
}

void fill_client_extensions(const observation::ClientSettings& from, v1::ClientSoftware& to) {
  set_if(from.connection_type, [&](auto v) { to.set_connection_type(v); });
  set_if(from.early_capability_flags, [&](auto v) { to.set_early_capability_flags(v); });
  set_if(from.desktop_physical_width, [&](auto v) { to.set_desktop_physical_width(v); });
  set_if(from.desktop_physical_height, [&](auto v) { to.set_desktop_physical_height(v); });
  set_if(from.desktop_orientation, [&](auto v) { to.set_desktop_orientation(v); });
  set_if(from.desktop_scale_factor, [&](auto v) { to.set_desktop_scale_factor(v); });
  set_if(from.device_scale_factor, [&](auto v) { to.set_device_scale_factor(v); });
  set_if(from.cluster_flags, [&](auto v) { to.set_cluster_flags(v); });
  if ((from.cluster_flags.value_or(0) & kSessionIdFieldValid) != 0) {
    set_if(from.redirected_session_id, [&](auto v) { to.set_requested_session_id(v); });
  }
  set_if(from.multitransport_flags, [&](auto v) { to.set_multitransport_flags(v); });
  set_if(from.server_selected_protocol,
         [&](auto v) { to.set_server_selected_protocol(selected_protocol(v)); });
  for (const auto& monitor : from.monitors) { fill(monitor, *to.add_monitors()); }
}

void fill_client_software(const Session& from, v1::Session& session) {
  if (from.client_settings.has_value()) {
    auto& to = *session.mutable_client_software();
    fill_client_core(*from.client_settings, to);
    fill_client_extensions(*from.client_settings, to);
  }
  if (from.platform.has_value()) {
    auto& to = *session.mutable_client_software();
    to.set_platform(from.platform->name);
    to.set_source_descriptor(from.platform->source_descriptor);
    if (to.operating_system().empty()) { to.set_operating_system(from.platform->name); }
  }
  if (from.client_info.has_value()) {
    auto& to = *session.mutable_client_software();
    to.set_directory(from.client_info->directory);
    to.set_reported_address(from.client_info->address);
    to.set_time_zone(from.client_info->time_zone);
  }
  if (from.client_implementation.has_value()) {
    session.mutable_client_software()->set_implementation(from.client_implementation->name);
  }
}

void fill_server_settings(const observation::ServerSettings& from, v1::ServerSoftware& to) {
  set_if(from.version, [&](auto v) { to.set_core_version(v); });
  to.set_rdp_version(std::string{core_version(from.version.value_or(0))});
  if (from.client_requested_protocols.has_value()) {
    for (const auto word : requested_protocols(*from.client_requested_protocols)) {
      to.add_client_requested_protocols(word);
    }
  }
  if (from.mcs_result.has_value()) {
    fill({.code = *from.mcs_result, .name = std::string{mcs_result_name(*from.mcs_result)}},
         *to.mutable_mcs_result());
  }
  set_if(from.early_capability_flags, [&](auto v) { to.set_early_capability_flags(v); });
  set_if(from.multitransport_flags, [&](auto v) { to.set_multitransport_flags(v); });
  set_if(from.io_channel_id, [&](auto v) { to.set_io_channel_id(v); });
  set_if(from.message_channel_id, [&](auto v) { to.set_message_channel_id(v); });
}

void fill_server_software(const Session& from, v1::Session& session) {
  if (from.server_settings.has_value()) {
    fill_server_settings(*from.server_settings, *session.mutable_server_software());
  }
  if (from.server_platform.has_value()) {
    auto& to = *session.mutable_server_software();
    to.set_platform(from.server_platform->name);
    to.set_source_descriptor(from.server_platform->source_descriptor);
  }
  if (from.server_implementation.has_value()) {
    session.mutable_server_software()->set_implementation(from.server_implementation->name);
  }
}

void fill_channels(const Session& from, v1::Session& to) {
  if (!from.client_settings.has_value()) { return; }
  const auto& channels = from.client_settings->channels;
  for (std::size_t i = 0; i < channels.size(); ++i) {
    to.add_channels(channels[i].name);
    auto& detail = *to.add_channel_details();
    detail.set_name(channels[i].name);
    detail.set_options(channels[i].options);
    if (from.server_settings.has_value() && i < from.server_settings->channel_ids.size()) {
      detail.set_id(from.server_settings->channel_ids[i]);
    }
    detail.set_compressed(std::ranges::find(from.compressed_channels, channels[i].name) !=
                          from.compressed_channels.end());
  }
}

void fill_participants(const Session& from, v1::Session& to) {
  for (const auto& participant : from.participants) {
    auto& added = *to.add_participants();
    added.set_id(participant.id);
    added.set_name(participant.name);
    added.set_may_view(participant.may_view);
    added.set_may_interact(participant.may_interact);
    added.set_is_client(participant.is_client);
    fill(participant.joined, *added.mutable_joined());
    if (participant.left.has_value()) { fill(*participant.left, *added.mutable_left()); }
  }
}

/// How the redirection's user is known: each account is in the session once.
Certainty certainty_of_user(const observation::Redirected& redirected, const Session& session) {
  const auto user = std::ranges::find_if(session.users, [&](const session::SessionUser& known) {
    return known.source == session::UserSource::kRedirection && known.name == redirected.user &&
           known.domain == redirected.domain;
  });
  return user == session.users.end() ? Certainty::kObserved : user->certainty;
}

void fill_redirection(const session::RedirectionAt& at, const Session& session,
                      v1::Redirection& to) {
  const auto& from = at.told;
  fill(at.at, *to.mutable_time());
  to.set_session_id(from.session_id);
  to.set_flags(from.flags);
  if (!from.target_address.empty()) { to.add_target_addresses(from.target_address); }
  for (const auto& address : from.target_addresses) {
    if (address != from.target_address) { to.add_target_addresses(address); }
  }
  to.set_target_fqdn(from.target_fqdn);
  to.set_target_netbios_name(from.target_netbios_name);
  if (!from.user.empty()) {
    to.mutable_user()->set_name(from.user);
    to.mutable_user()->set_domain(from.domain);
    to.mutable_user()->set_source(v1::User::REDIRECTION);
    to.mutable_user()->set_certainty(certainty(certainty_of_user(from, session)));
  }
  to.set_load_balance_info(from.load_balance_info);
  set_if(from.load_balance_info_digest,
         [&](const auto& v) { to.set_load_balance_info_sha256(encoding::to_hex(v)); });
  to.set_tsv_url(from.tsv_url);
  to.set_redirection_guid(from.redirection_guid);
  set_if(from.target_certificate_digest,
         [&](const auto& v) { to.set_target_certificate_sha256(encoding::to_hex(v)); });
  to.set_password_present(from.has_password);
}

void fill_totals(const Session& from, v1::Totals& to) {
  to.set_client_bytes(from.client_totals.wire_bytes);
  to.set_server_bytes(from.server_totals.wire_bytes);
  to.set_client_packets(from.client_totals.packets);
  to.set_server_packets(from.server_totals.packets);
  to.set_client_payload_bytes(from.client_totals.payload_bytes);
  to.set_server_payload_bytes(from.server_totals.payload_bytes);
  to.set_gap_bytes(from.gap_bytes);
  to.set_retransmitted_packets(from.retransmitted_packets);
}

void fill_joined_totals(const Session& from, v1::Totals& to) {
  to.set_client_bytes(from.joined_client_totals.wire_bytes);
  to.set_server_bytes(from.joined_server_totals.wire_bytes);
  to.set_client_packets(from.joined_client_totals.packets);
  to.set_server_packets(from.joined_server_totals.packets);
  to.set_client_payload_bytes(from.joined_client_totals.payload_bytes);
  to.set_server_payload_bytes(from.joined_server_totals.payload_bytes);
}

void fill_transport(const session::UdpTransport& from, v1::UdpTransport& to) {
  to.set_mode(from.lossy ? v1::UdpTransport::LOSSY : v1::UdpTransport::RELIABLE);
  // RDPUDP_PROTOCOL_VERSION_3 is 0101h, [MS-RDPEUDP] 2.2.2.9.
  constexpr std::uint16_t kVersion3 = 0x0101;
  to.set_version(from.version == kVersion3 ? 3 : from.version);
  fill(from.opened, *to.mutable_opened());
  if (from.tls.has_value()) {
    to.set_tls_version(tls_version(from.tls->version));
    to.set_tls_cipher(from.tls->cipher_name);
  }
  if (from.request_id.has_value()) { to.set_request_id(*from.request_id); }
  if (from.result.has_value()) {
    constexpr std::uint32_t kRefusal = 0x80000000;  // the sign of an HRESULT
    const bool accepted = *from.result < kRefusal;
    to.set_tunnel_accepted(accepted);
    if (!accepted) { to.mutable_tunnel_error()->set_code(*from.result); }
  }
  for (const auto& name : from.channels) { to.add_channels(name); }
  to.set_client_payload_bytes(from.client_payload_bytes);
  to.set_server_payload_bytes(from.server_payload_bytes);
}

v1::Session::Outcome outcome(session::Outcome outcome) {
  switch (outcome) {
    case session::Outcome::kNoResponse:
      return v1::Session::NO_RESPONSE;
    case session::Outcome::kRefused:
      return v1::Session::REFUSED;
    case session::Outcome::kNegotiationFailed:
      return v1::Session::NEGOTIATION_FAILED;
    case session::Outcome::kAuthenticationFailed:
      return v1::Session::AUTHENTICATION_FAILED;
    case session::Outcome::kEstablished:
      return v1::Session::ESTABLISHED;
    case session::Outcome::kUnknown:
      break;
  }
  return v1::Session::UNKNOWN;
}

v1::User::Source user_source(session::UserSource source) {
  switch (source) {
    case session::UserSource::kSaveSessionInfo:
      return v1::User::SAVE_SESSION_INFO;
    case session::UserSource::kClientInfo:
      return v1::User::CLIENT_INFO;
    case session::UserSource::kLicense:
      return v1::User::LICENSE;
    case session::UserSource::kRedirection:
      return v1::User::REDIRECTION;
    case session::UserSource::kKerberos:
      return v1::User::KERBEROS;
    case session::UserSource::kProxy:
      return v1::User::PROXY;
    case session::UserSource::kGateway:
      return v1::User::GATEWAY;
    case session::UserSource::kTicket:
      return v1::User::TICKET;
    case session::UserSource::kNtlm:
      return v1::User::NTLM;
    case session::UserSource::kDcom:
      return v1::User::DCOM;
    case session::UserSource::kExpertBlob:
      return v1::User::RA_EXPERT_BLOB;
    case session::UserSource::kAssistanceName:
      return v1::User::RA_NAME;
    case session::UserSource::kParticipant:
      return v1::User::ENCOMSP;
    case session::UserSource::kRdstls:
      return v1::User::RDSTLS;
    case session::UserSource::kRdsAad:
      return v1::User::RDSAAD;
    case session::UserSource::kMessenger:
      return v1::User::MESSENGER;
  }
  return v1::User::SOURCE_UNSPECIFIED;
}

void fill_life(const Session& from, Moment now, v1::Session& to) {
  fill(from.opened, *to.mutable_opened());
  if (from.accepted.has_value()) { fill(*from.accepted, *to.mutable_accepted()); }
  if (from.closed.has_value()) { fill(*from.closed, *to.mutable_closed()); }
  const auto until = std::max(from.closed.value_or(now), from.opened);
  fill_duration(until - from.opened, *to.mutable_duration());
  if (from.active_duration.has_value()) {
    fill_duration(*from.active_duration, *to.mutable_active_duration());
  }
  to.set_outcome(outcome(from.outcome));
  if (from.end_reason.has_value()) { to.set_end_reason(end_reason(*from.end_reason)); }
  if (from.error.has_value()) { fill(*from.error, *to.mutable_error()); }
  if (from.disconnect_reason.has_value()) {
    fill(*from.disconnect_reason, *to.mutable_disconnect_reason());
  }
  set_if(from.windows_session_id, [&](auto v) { to.set_windows_session_id(v); });
}

}  // namespace

void fill(Moment from, google::protobuf::Timestamp& to) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(from);
  to.set_seconds(seconds.time_since_epoch().count());
  to.set_nanos(static_cast<std::int32_t>((from - seconds).count()));
}

void fill_duration(Nanoseconds from, google::protobuf::Duration& to) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(from);
  to.set_seconds(seconds.count());
  to.set_nanos(static_cast<std::int32_t>((from - seconds).count()));
}

void fill(const observation::NamedCode& from, v1::NamedCode& to) {
  to.set_code(from.code);
  to.set_name(from.name);
}

void fill(const session::SessionUser& from, v1::User& to) {
  to.set_name(from.name);
  to.set_domain(from.domain);
  to.set_source(user_source(from.source));
  to.set_certainty(certainty(from.certainty));
}

void fill(const observation::Monitor& from, v1::Monitor& to) {
  to.set_left(from.left);
  to.set_top(from.top);
  to.set_right(from.right);
  to.set_bottom(from.bottom);
  to.set_primary(from.primary);
  set_if(from.physical_width, [&](auto v) { to.set_physical_width(v); });
  set_if(from.physical_height, [&](auto v) { to.set_physical_height(v); });
  set_if(from.orientation, [&](auto v) { to.set_orientation(v); });
  set_if(from.desktop_scale_factor, [&](auto v) { to.set_desktop_scale_factor(v); });
  set_if(from.device_scale_factor, [&](auto v) { to.set_device_scale_factor(v); });
}

v1::Knowledge::Certainty certainty(Certainty certainty) {
  switch (certainty) {
    case Certainty::kObserved:
      return v1::Knowledge::OBSERVED;
    case Certainty::kDecrypted:
      return v1::Knowledge::DECRYPTED;
    case Certainty::kInferred:
      return v1::Knowledge::INFERRED;
  }
  return v1::Knowledge::CERTAINTY_UNSPECIFIED;
}

v1::Session::EndReason end_reason(session::EndReason reason) {
  using session::EndReason;
  static constexpr std::array kWords{
      v1::Session::CLIENT_CLOSED, v1::Session::SERVER_CLOSED,     v1::Session::CLIENT_RESET,
      v1::Session::SERVER_RESET,  v1::Session::CLIENT_DISCONNECT, v1::Session::SERVER_DISCONNECT,
      v1::Session::TIMEOUT,       v1::Session::CAPTURE_END,       v1::Session::SENSOR_RESTART,
  };
  static_assert(kWords.size() == static_cast<std::size_t>(EndReason::kSensorRestart) + 1);
  return kWords.at(static_cast<std::size_t>(reason));
}

void fill(const Session& from, Moment now, v1::Session& to) {
  to.set_session_id(encoding::to_hex(from.id));
  to.set_kind(from.kind == session::SessionKind::kRdp ? v1::Session::RDP
                                                      : v1::Session::REMOTE_ASSISTANCE);
  if (from.initiator_known) {
    to.set_direction(from.reverse ? v1::Session::REVERSE : v1::Session::FORWARD);
    to.set_initiator(from.reverse ? v1::Session::SERVER : v1::Session::CLIENT);
  }
  fill(from.client, *to.mutable_client());
  fill(from.server, *to.mutable_server());
  for (const auto& user : from.users) { fill(user, *to.add_users()); }
  fill_negotiation(from, *to.mutable_negotiation());
  fill_security(from, to);
  fill_client_software(from, to);
  fill_server_software(from, to);
  fill_channels(from, to);
  for (const auto& name : from.dynamic_channels) { to.add_dynamic_channels(name); }
  fill_participants(from, to);
  if (from.chat_messages > 0) { to.set_chat_messages(from.chat_messages); }
  to.set_decrypted(from.decrypted);
  fill_path(from, to);
  fill_life(from, now, to);
  fill_totals(from, *to.mutable_totals());
  if (from.joined_client_totals.packets + from.joined_server_totals.packets > 0) {
    fill_joined_totals(from, *to.mutable_joined_totals());
  }
  if (from.transport == Transport::kTcp) { to.add_transports(v1::Session::TCP); }
  if (from.transport == Transport::kUdp || from.over_udp) { to.add_transports(v1::Session::UDP); }
  if (from.through_gateway) { to.add_transports(v1::Session::GATEWAY); }
  for (const auto& transport : from.udp_transports) {
    fill_transport(transport, *to.add_udp_transports());
  }
  if (from.ticket.has_value()) { to.set_ticket_id(encoding::to_hex(from.ticket->ticket)); }
  if (from.preconnection.has_value()) {
    to.set_preconnection_id(from.preconnection->id);
    to.set_preconnection_blob(from.preconnection->blob);
  }
  for (const auto& redirection : from.redirections) {
    fill_redirection(redirection, from, *to.add_redirections());
  }
  fill_course(from, to);
}

}  // namespace remora::emit
