#include "daemon/publish/sense.h"

#include <string>
#include <string_view>
#include <unordered_map>

namespace remora::publish {
namespace {

constexpr std::string_view kPackage = "remora.v1.";

/// Field by field, in the order of the .proto files. Names of accounts, machines and files are
/// those that the wire told; a domain is the machine's own name for its local accounts.
const std::unordered_map<std::string, Sense>& senses() {
  static const std::unordered_map<std::string, Sense> table{
      {"Endpoint.Name.name", Sense::kHost},
      {"Endpoint.address", Sense::kPlain},
      {"Endpoint.mac", Sense::kPlain},
      {"Endpoint.fqdn", Sense::kHost},
      {"PathEntry.address", Sense::kHost},
      {"PathEntry.name", Sense::kHost},
      {"PathEntry.source", Sense::kPlain},

      {"NamedCode.name", Sense::kPlain},
      {"User.name", Sense::kUser},
      {"User.domain", Sense::kHost},
      {"Negotiation.cookie", Sense::kUser},
      {"Negotiation.routing_token", Sense::kAny},
      {"Negotiation.routing_address", Sense::kHost},
      {"Negotiation.failure", Sense::kPlain},
      {"Negotiation.request_flags", Sense::kPlain},
      {"Negotiation.response_flags", Sense::kPlain},
      {"Negotiation.correlation_id", Sense::kPlain},
      {"Tls.version", Sense::kPlain},
      {"Tls.cipher", Sense::kPlain},
      {"Tls.sni", Sense::kHost},
      {"Tls.ja3", Sense::kPlain},
      {"Tls.ja3s", Sense::kPlain},
      {"Tls.ja4", Sense::kPlain},
      {"Tls.client_versions", Sense::kPlain},
      {"Tls.alpn", Sense::kPlain},
      {"Certificate.subject", Sense::kHost},
      {"Certificate.issuer", Sense::kHost},  // the subject's name again, where it is self-signed
      {"Certificate.serial", Sense::kPlain},
      {"Certificate.names", Sense::kHost},
      {"Certificate.sha1", Sense::kPlain},
      {"Certificate.sha256", Sense::kPlain},
      {"Certificate.signature_algorithm", Sense::kPlain},
      {"Security.encryption_method", Sense::kPlain},
      {"Security.encryption_level", Sense::kPlain},
      {"Security.client_encryption_methods", Sense::kPlain},
      {"Security.server_certificate_kind", Sense::kPlain},
      {"ClientSoftware.computer_name", Sense::kHost},
      {"ClientSoftware.operating_system", Sense::kPlain},
      {"ClientSoftware.rdp_version", Sense::kPlain},
      {"ClientSoftware.product_id", Sense::kPlain},
      {"ClientSoftware.directory", Sense::kAny},  // C:\Users\eva
      {"ClientSoftware.reported_address", Sense::kHost},
      {"ClientSoftware.time_zone", Sense::kPlain},
      {"ClientSoftware.implementation", Sense::kPlain},
      {"ClientSoftware.ime_file_name", Sense::kPlain},  // a part of Windows
      {"ClientSoftware.source_descriptor", Sense::kPlain},
      {"ClientSoftware.platform", Sense::kPlain},
      {"ServerSoftware.rdp_version", Sense::kPlain},
      {"ServerSoftware.implementation", Sense::kPlain},
      {"ServerSoftware.platform", Sense::kPlain},
      {"ServerSoftware.source_descriptor", Sense::kPlain},
      {"Channel.name", Sense::kPlain},
      {"Participant.name", Sense::kUser},
      {"Redirection.target_addresses", Sense::kHost},
      {"Redirection.target_fqdn", Sense::kHost},
      {"Redirection.target_netbios_name", Sense::kHost},
      {"Redirection.load_balance_info", Sense::kAny},
      {"Redirection.load_balance_info_sha256", Sense::kAny},  // of what can be guessed
      {"Redirection.tsv_url", Sense::kHost},
      {"Redirection.redirection_guid", Sense::kPlain},
      {"Redirection.target_certificate_sha256", Sense::kPlain},
      {"UdpTransport.tls_version", Sense::kPlain},
      {"UdpTransport.tls_cipher", Sense::kPlain},
      {"UdpTransport.channels", Sense::kPlain},
      {"Licensing.messages", Sense::kPlain},
      {"Licensing.version", Sense::kPlain},
      {"Licensing.company_name", Sense::kPlain},
      {"Licensing.product_id", Sense::kPlain},
      {"Licensing.product_version", Sense::kPlain},
      {"Licensing.scopes", Sense::kHost},
      {"Licensing.license_server", Sense::kHost},
      {"Licensing.license_server_scope", Sense::kHost},
      {"Licensing.machine_name", Sense::kHost},
      {"Licensing.user_name", Sense::kUser},
      {"Session.session_id", Sense::kPlain},
      {"Session.channels", Sense::kPlain},
      {"Session.dynamic_channels", Sense::kPlain},
      {"Session.ticket_id", Sense::kPlain},
      {"Session.preconnection_blob", Sense::kAny},

      {"Ticket.Address.address", Sense::kHost},
      {"Ticket.Address.name", Sense::kHost},
      {"Ticket.ticket_id", Sense::kPlain},
      {"Ticket.user_name", Sense::kUser},
      {"Ticket.ra_session_id_sha256", Sense::kPlain},
      {"Ticket.sid", Sense::kPlain},
      {"Carrier.protocol", Sense::kPlain},
      {"Carrier.source_address", Sense::kPlain},
      {"Carrier.destination_address", Sense::kPlain},
      {"Carrier.file_name", Sense::kFile},
      {"Carrier.community_id", Sense::kPlain},

      {"Sensor.name", Sense::kPlain},
      {"Sensor.version", Sense::kPlain},
      {"Sensor.source", Sense::kPlain},
      {"Evidence.rule", Sense::kPlain},
      {"Evidence.note", Sense::kPlain},
      {"Logon.method", Sense::kPlain},
      {"Logon.notification", Sense::kPlain},
      {"TicketRejected.error", Sense::kPlain},
      {"TicketRejected.sha256", Sense::kPlain},
      {"ControlStarted.by", Sense::kUser},
      {"ControlEnded.by", Sense::kUser},
      {"FileTransfer.file_name", Sense::kFile},
      {"FileTransfer.sha256", Sense::kPlain},
      {"FileOperation.file_name", Sense::kFile},
      {"FileOperation.new_file_name", Sense::kFile},
      {"Anomaly.code", Sense::kPlain},
      {"Anomaly.detail", Sense::kPlain},
      {"SensorHealth.Drop.reason", Sense::kPlain},
      {"SensorHealth.Drop.where", Sense::kPlain},
      {"Event.event_id", Sense::kPlain},
      {"Event.session_id", Sense::kPlain},
      {"Event.ticket_id", Sense::kPlain},
      {"Event.community_id", Sense::kPlain}};
  return table;
}

}  // namespace

std::optional<Sense> sense_of(const google::protobuf::FieldDescriptor& field) {
  std::string name = field.full_name();
  if (!name.starts_with(kPackage)) { return std::nullopt; }
  const auto found = senses().find(name.erase(0, kPackage.size()));
  if (found == senses().end()) { return std::nullopt; }
  return found->second;
}

}  // namespace remora::publish
