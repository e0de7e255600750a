#include <algorithm>
#include <array>

#include "daemon/siem/conversions.h"
#include "daemon/siem/ocsf.h"
#include "daemon/siem/ocsf_values.h"

namespace remora::siem {
namespace {

constexpr std::uint32_t kAll = 0;
constexpr std::uint32_t kFinding = 2004;
constexpr std::uint32_t kAuthentication = 3002;
constexpr std::uint32_t kEntity = 3004;
constexpr std::uint32_t kRdp = 4005;
constexpr std::uint32_t kFile = 6006;

constexpr std::array kRows{
    OcsfRow{kAll, {"time", "time", epoch_milliseconds}},
    OcsfRow{kAll, {"metadata.uid", "event_id"}},
    OcsfRow{kAll, {"metadata.event_code", "event_kind"}},
    OcsfRow{kAll, {"metadata.correlation_uid", "session_id"}},
    OcsfRow{kAll, {"metadata.correlation_uid", "ticket_id"}},
    OcsfRow{kAll, {"metadata.product.version", "sensor.version"}},
    OcsfRow{kAll, {"metadata.log_provider", "sensor.name"}},
    OcsfRow{kAll, {"metadata.log_name", "sensor.source"}},
    OcsfRow{kAll, {"start_time", "opened", epoch_milliseconds}},
    OcsfRow{kAll, {"end_time", "closed", epoch_milliseconds}},
    OcsfRow{kAll, {"start_time", "start", epoch_milliseconds}},
    OcsfRow{kAll, {"end_time", "end", epoch_milliseconds}},
    OcsfRow{kAll, {"duration", "duration", milliseconds}},
    OcsfRow{kAll, {"status_code", "error.code", as_text}},
    OcsfRow{kAll, {"status_detail", "error.name"}},
    OcsfRow{kAll, {"status_detail", "error", text_only}},
    OcsfRow{kAll, {"status_detail", "end_reason"}},
    OcsfRow{kAll, {"status_detail", "result"}},
    OcsfRow{kAll, {"status_detail", "how"}},
    OcsfRow{kAll, {"message", "detail"}},

    OcsfRow{kAll, {"src_endpoint.ip", "source_end.address", ip_only}},
    OcsfRow{kAll, {"src_endpoint.port", "source_end.port"}},
    OcsfRow{kAll, {"src_endpoint.mac", "source_end.mac"}},
    OcsfRow{kAll, {"src_endpoint.hostname", "source_end.fqdn"}},
    OcsfRow{kRdp, {"dst_endpoint.ip", "destination_end.address", ip_only}},
    OcsfRow{kRdp, {"dst_endpoint.port", "destination_end.port"}},
    OcsfRow{kRdp, {"dst_endpoint.mac", "destination_end.mac"}},
    OcsfRow{kRdp, {"dst_endpoint.hostname", "destination_end.fqdn"}},
    OcsfRow{kRdp, {"dst_endpoint.intermediate_ips", "via"}},

    OcsfRow{kRdp, {"connection_info.protocol_name", "transport"}},
    OcsfRow{kRdp, {"connection_info.protocol_num", "transport", protocol_number}},
    OcsfRow{kRdp, {"connection_info.protocol_ver_id", "ip_version"}},
    OcsfRow{kRdp, {"connection_info.community_uid", "community_id"}},
    OcsfRow{kRdp, {"connection_info.session.uid", "session_id"}},
    OcsfRow{kRdp, {"traffic.bytes", "total_bytes"}},
    OcsfRow{kRdp, {"traffic.bytes_out", "source_end.bytes"}},
    OcsfRow{kRdp, {"traffic.bytes_in", "destination_end.bytes"}},
    OcsfRow{kRdp, {"traffic.bytes_missed", "totals.gap_bytes"}},
    OcsfRow{kRdp, {"traffic.packets", "total_packets"}},
    OcsfRow{kRdp, {"traffic.packets_out", "source_end.packets"}},
    OcsfRow{kRdp, {"traffic.packets_in", "destination_end.packets"}},

    OcsfRow{kRdp, {"user.name", "who.name"}},
    OcsfRow{kRdp, {"user.domain", "who.domain"}},
    OcsfRow{kRdp, {"capabilities", "channels"}},
    OcsfRow{kRdp, {"identifier_cookie", "negotiation.cookie"}},
    OcsfRow{kRdp, {"protocol_ver", "client_software.rdp_version"}},
    OcsfRow{kRdp, {"keyboard_info.keyboard_layout", "client_software.keyboard_layout", as_text}},
    OcsfRow{kRdp, {"keyboard_info.keyboard_type", "client_software.keyboard_type", as_text}},
    OcsfRow{kRdp, {"keyboard_info.keyboard_subtype", "client_software.keyboard_subtype"}},
    OcsfRow{kRdp, {"keyboard_info.function_keys", "client_software.keyboard_function_keys"}},
    OcsfRow{kRdp, {"keyboard_info.ime", "client_software.ime_file_name"}},
    OcsfRow{kRdp, {"remote_display.color_depth", "client_software.color_depth"}},
    OcsfRow{kRdp, {"remote_display.physical_width", "client_software.desktop_physical_width"}},
    OcsfRow{kRdp, {"remote_display.physical_height", "client_software.desktop_physical_height"}},
    OcsfRow{kRdp, {"remote_display.physical_orientation", "client_software.desktop_orientation"}},
    OcsfRow{kRdp, {"remote_display.scale_factor", "client_software.desktop_scale_factor"}},
    OcsfRow{kRdp, {"device.hostname", "client_software.computer_name"}},
    OcsfRow{kRdp, {"request.uid", "negotiation.correlation_id"}},
    OcsfRow{kRdp, {"request.flags", "negotiation.request_flags"}},
    OcsfRow{kRdp, {"response.flags", "negotiation.response_flags"}},
    OcsfRow{kRdp, {"response.error_message", "negotiation.failure"}},
    OcsfRow{kRdp, {"tls.version", "security.tls.version", tls_version_number}},
    OcsfRow{kRdp, {"tls.cipher", "security.tls.cipher"}},
    OcsfRow{kRdp, {"tls.sni", "security.tls.sni"}},
    OcsfRow{kRdp, {"tls.ja3_hash", "security.tls.ja3", md5_fingerprint}},
    OcsfRow{kRdp, {"tls.ja3s_hash", "security.tls.ja3s", md5_fingerprint}},
    OcsfRow{kRdp, {"tls.certificate.subject", "security.certificate.subject"}},
    OcsfRow{kRdp, {"tls.certificate.issuer", "security.certificate.issuer"}},
    OcsfRow{kRdp, {"tls.certificate.serial_number", "security.certificate.serial"}},
    OcsfRow{
        kRdp,
        {"tls.certificate.created_time", "security.certificate.not_before", epoch_milliseconds}},
    OcsfRow{
        kRdp,
        {"tls.certificate.expiration_time", "security.certificate.not_after", epoch_milliseconds}},
    OcsfRow{kRdp, {"tls.certificate.is_self_signed", "security.certificate.self_signed"}},
    OcsfRow{kRdp,
            {"tls.certificate.fingerprints.0", "security.certificate.sha1", sha1_fingerprint}},
    OcsfRow{kRdp,
            {"tls.certificate.fingerprints.1", "security.certificate.sha256", sha256_fingerprint}},
    OcsfRow{kRdp,
            {"tls.certificate.fingerprints.0", "security.certificate.sha256", sha256_fingerprint}},
    OcsfRow{kRdp, {"tls.certificate.sans", "security.certificate.names", alternative_names}},
    OcsfRow{kRdp, {"ja4_fingerprint_list", "security.tls.ja4", ja4_fingerprints}},

    OcsfRow{kAuthentication, {"user.name", "who.name"}},
    OcsfRow{kAuthentication, {"user.domain", "who.domain"}},
    OcsfRow{kAuthentication, {"auth_protocol", "method"}},
    OcsfRow{kAuthentication, {"auth_protocol_id", "method", authentication_protocol}},
    OcsfRow{kAuthentication, {"session.uid", "session_id"}},

    OcsfRow{kEntity, {"entity.uid", "ticket_id"}},
    OcsfRow{kEntity, {"entity.uid", "sha256"}},
    OcsfRow{kEntity, {"actor.user.name", "who.name"}},
    OcsfRow{kEntity, {"entity.data", "ticket"}},

    OcsfRow{kFile, {"file.name", "file.name"}},
    OcsfRow{kFile, {"file.path", "file.path"}},
    OcsfRow{kFile, {"file.ext", "file.extension"}},
    OcsfRow{kFile, {"file.size", "size"}},
    OcsfRow{kFile, {"file.hashes.0", "sha256", sha256_fingerprint}},
    OcsfRow{kFile, {"file_result.name", "new_file_name", base_name}},
    OcsfRow{kFile, {"file_result.path", "new_file_name"}},
    OcsfRow{kFile, {"actor.session.uid", "session_id"}},
    OcsfRow{kFile, {"connection_info.community_uid", "community_id"}},
    OcsfRow{kFile, {"status_code", "status.code", as_text}},

    OcsfRow{kFinding, {"finding_info.uid", "event_id"}},
    OcsfRow{kFinding, {"finding_info.title", "code"}},
    OcsfRow{kFinding, {"finding_info.analytic.name", "code"}},
    OcsfRow{kFinding, {"finding_info.desc", "detail"}},
    OcsfRow{kFinding, {"confidence_score", "confidence", percent}},
    OcsfRow{kFinding, {"count", "count"}},
    OcsfRow{kFinding, {"evidences", "evidence", evidences}},
};

constexpr std::uint32_t kOtherActivity = 99;
constexpr std::uint32_t kInformational = 1;
constexpr std::uint32_t kLow = 2;
constexpr std::uint32_t kMedium = 3;

constexpr std::array kKinds{
    OcsfKind{"session_opened", kRdp, "RDP Activity", 4, 1, "Initial Request", kInformational},
    OcsfKind{"session_accepted", kRdp, "RDP Activity", 4, 4, "Connect Response", kInformational},
    OcsfKind{"session_updated", kRdp, "RDP Activity", 4, 6, "Traffic", kInformational},
    OcsfKind{"session_closed", kRdp, "RDP Activity", 4, 7, "Disconnect", kInformational},
    OcsfKind{"logon", kAuthentication, "Authentication", 3, 1, "Logon", kInformational},
    OcsfKind{"ticket_created", kEntity, "Entity Management", 3, 1, "Create", kInformational},
    OcsfKind{"ticket_expired", kEntity, "Entity Management", 3, 11, "Deactivate", kInformational},
    OcsfKind{"ticket_deleted", kEntity, "Entity Management", 3, 4, "Delete", kInformational},
    OcsfKind{"ticket_rejected", kEntity, "Entity Management", 3, kOtherActivity, "Reject", kLow},
    OcsfKind{"control_started", kRdp, "RDP Activity", 4, kOtherActivity, "Control Started",
             kInformational},
    OcsfKind{"control_ended", kRdp, "RDP Activity", 4, kOtherActivity, "Control Ended",
             kInformational},
    OcsfKind{"file_transfer_started", kFile, "File Hosting Activity", 6, kOtherActivity,
             "File Transfer", kInformational},
    OcsfKind{"file_transfer_ended", kFile, "File Hosting Activity", 6, kOtherActivity,
             "File Transfer", kInformational},
    OcsfKind{"file_operation", kFile, "File Hosting Activity", 6, kOtherActivity, "File Operation",
             kInformational},
    OcsfKind{"offer", kRdp, "RDP Activity", 4, kOtherActivity, "Assistance Offer", kInformational},
    OcsfKind{"anomaly", kFinding, "Detection Finding", 2, 1, "Create", kMedium},
    OcsfKind{"sensor_health", 0, "Base Event", 0, kOtherActivity, "Sensor Health", kInformational},
};
constexpr OcsfKind kOther{"", 0, "Base Event", 0, 0, "Unknown", kInformational};

}  // namespace

std::span<const OcsfRow> ocsf_rows() {
  return kRows;
}

const OcsfKind& ocsf_kind(std::string_view kind) {
  const auto* const found = std::ranges::find(kKinds, kind, &OcsfKind::kind);
  return found == kKinds.end() ? kOther : *found;
}

}  // namespace remora::siem
