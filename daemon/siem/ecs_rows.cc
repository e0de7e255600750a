#include <algorithm>
#include <array>

#include "daemon/siem/conversions.h"
#include "daemon/siem/ecs.h"

namespace remora::siem {
namespace {

constexpr std::array kRows{
    Row{"@timestamp", "time"},
    Row{"event.id", "event_id"},
    Row{"event.action", "event_kind"},
    Row{"event.code", "code"},
    Row{"event.outcome", "result_word"},
    Row{"event.reason", "end_reason"},
    Row{"event.reason", "result"},
    Row{"event.reason", "how"},
    Row{"event.start", "opened"},
    Row{"event.end", "closed"},
    Row{"event.start", "start"},
    Row{"event.end", "end"},
    Row{"event.duration", "duration", nanoseconds},
    Row{"message", "detail"},
    Row{"rule.name", "code"},

    Row{"network.transport", "transport"},
    Row{"network.type", "ip_version", network_type},
    Row{"network.community_id", "community_id"},
    Row{"network.bytes", "total_bytes"},
    Row{"network.packets", "total_packets"},
    Row{"network.protocol", "carrier.protocol", lower},

    Row{"source.address", "source_end.address"},
    Row{"source.ip", "source_end.address", ip_only},
    Row{"source.port", "source_end.port"},
    Row{"source.mac", "source_end.mac", rfc7042_mac},
    Row{"source.domain", "source_end.fqdn"},
    Row{"source.bytes", "source_end.bytes"},
    Row{"source.packets", "source_end.packets"},
    Row{"destination.address", "destination_end.address"},
    Row{"destination.ip", "destination_end.address", ip_only},
    Row{"destination.port", "destination_end.port"},
    Row{"destination.mac", "destination_end.mac", rfc7042_mac},
    Row{"destination.domain", "destination_end.fqdn"},
    Row{"destination.bytes", "destination_end.bytes"},
    Row{"destination.packets", "destination_end.packets"},
    Row{"destination.user.name", "novice_user.name"},
    Row{"destination.user.domain", "novice_user.domain"},

    Row{"user.name", "who.name"},
    Row{"user.domain", "who.domain"},

    Row{"error.code", "error.code", as_text},
    Row{"error.message", "error.name"},
    Row{"error.message", "error", text_only},

    Row{"file.path", "file.path"},
    Row{"file.name", "file.name"},
    Row{"file.directory", "file.directory"},
    Row{"file.extension", "file.extension"},
    Row{"file.size", "size"},
    Row{"file.hash.sha256", "sha256"},

    Row{"tls.version", "security.tls.version", tls_version_number},
    Row{"tls.version_protocol", "security.tls.version", tls_version_protocol},
    Row{"tls.cipher", "security.tls.cipher"},
    Row{"tls.client.server_name", "security.tls.sni"},
    Row{"tls.client.ja3", "security.tls.ja3"},
    Row{"tls.server.ja3s", "security.tls.ja3s"},
    Row{"tls.server.subject", "security.certificate.subject"},
    Row{"tls.server.issuer", "security.certificate.issuer"},
    Row{"tls.server.not_before", "security.certificate.not_before"},
    Row{"tls.server.not_after", "security.certificate.not_after"},
    Row{"tls.server.hash.sha1", "security.certificate.sha1", upper},
    Row{"tls.server.hash.sha256", "security.certificate.sha256", upper},
    Row{"tls.server.x509.serial_number", "security.certificate.serial", upper},
    Row{"tls.server.x509.alternative_names", "security.certificate.names"},
    Row{"tls.server.x509.public_key_size", "security.certificate.public_key_bits"},
    Row{"tls.server.x509.signature_algorithm", "security.certificate.signature_algorithm"},

    Row{"observer.name", "sensor.name"},
    Row{"observer.version", "sensor.version"},
    Row{"related.ip", "related.ip"},
    Row{"related.hosts", "related.hosts"},
    Row{"related.user", "related.user"},
    Row{"related.hash", "sha256", as_list},
};

constexpr std::array kKinds{
    EcsKind{"session_opened", "event", "network,session", "connection,start"},
    EcsKind{"session_accepted", "event", "network,session", "connection,allowed"},
    EcsKind{"session_updated", "event", "network,session", "connection,info"},
    EcsKind{"session_closed", "event", "network,session", "connection,end"},
    EcsKind{"logon", "event", "authentication,session", "start"},
    EcsKind{"ticket_created", "event", "session", "info"},
    EcsKind{"ticket_expired", "event", "session", "info"},
    EcsKind{"ticket_deleted", "event", "session", "info"},
    EcsKind{"ticket_rejected", "event", "network", "info"},
    EcsKind{"control_started", "event", "session", "start"},
    EcsKind{"control_ended", "event", "session", "end"},
    EcsKind{"file_transfer_started", "event", "file,network", "creation,start"},
    EcsKind{"file_transfer_ended", "event", "file,network", "creation,end"},
    EcsKind{"file_operation", "event", "file,network", "change"},
    EcsKind{"offer", "event", "network,session", "connection,info"},
    EcsKind{"anomaly", "alert", "intrusion_detection,network", "info"},
    EcsKind{"sensor_health", "metric", "host", "info"},
};
constexpr EcsKind kOther{"", "event", "network", "info"};

}  // namespace

std::span<const Row> ecs_rows() {
  return kRows;
}

const EcsKind& ecs_kind(std::string_view kind) {
  const auto* const found = std::ranges::find(kKinds, kind, &EcsKind::kind);
  return found == kKinds.end() ? kOther : *found;
}

}  // namespace remora::siem
