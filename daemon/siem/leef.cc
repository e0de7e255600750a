#include "daemon/siem/leef.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "daemon/siem/conversions.h"
#include "daemon/siem/facts.h"
#include "daemon/siem/flat_text.h"
#include "daemon/siem/headline.h"
#include "daemon/siem/paths.h"

namespace remora::siem {
namespace {

constexpr std::array kRows{
    // The attributes that LEEF defines.
    Row{"devTime", "time", epoch_milliseconds},
    Row{"src", "source_end.address", ip_only},
    Row{"srcPort", "source_end.port"},
    Row{"srcMAC", "source_end.mac"},
    Row{"srcBytes", "source_end.bytes"},
    Row{"srcPackets", "source_end.packets"},
    Row{"dst", "destination_end.address", ip_only},
    Row{"dstPort", "destination_end.port"},
    Row{"dstMAC", "destination_end.mac"},
    Row{"dstBytes", "destination_end.bytes"},
    Row{"dstPackets", "destination_end.packets"},
    Row{"totalPackets", "total_packets"},
    Row{"proto", "transport", upper},
    Row{"usrName", "who.name"},
    Row{"domain", "who.domain"},
    Row{"identHostName", "client_software.computer_name"},
    Row{"identHostName", "source_end.fqdn"},
    Row{"resource", "file.path"},
    // Our own.
    Row{"eventId", "event_id"},
    Row{"sessionId", "session_id"},
    Row{"ticketId", "ticket_id"},
    Row{"communityId", "community_id"},
    Row{"certainty", "certainty"},
    Row{"confidence", "confidence"},
    Row{"rules", "rules", joined},
    Row{"frames", "frames", joined},
    Row{"srcHost", "source_end.fqdn"},
    Row{"dstHost", "destination_end.fqdn"},
    Row{"via", "via", joined},
    Row{"direction", "direction"},
    Row{"initiator", "initiator"},
    Row{"start", "opened", epoch_milliseconds},
    Row{"end", "closed", epoch_milliseconds},
    Row{"start", "start", epoch_milliseconds},
    Row{"end", "end", epoch_milliseconds},
    Row{"durationMs", "duration", milliseconds},
    Row{"outcome", "result_word"},
    Row{"reason", "error.name"},
    Row{"reason", "error", text_only},
    Row{"reason", "end_reason"},
    Row{"reason", "result"},
    Row{"reason", "how"},
    Row{"errorCode", "error.code"},
    Row{"method", "method"},
    Row{"noviceUser", "novice_user.name"},
    Row{"role", "role"},
    Row{"fileName", "file.name"},
    Row{"fileSize", "size"},
    Row{"fileHash", "sha256"},
    Row{"mechanism", "mechanism"},
    Row{"operation", "operation"},
    Row{"newFileName", "new_file_name"},
    Row{"code", "code"},
    Row{"detail", "detail"},
    Row{"count", "count"},
    Row{"tlsVersion", "security.tls.version"},
    Row{"tlsCipher", "security.tls.cipher"},
    Row{"sni", "security.tls.sni"},
    Row{"ja3", "security.tls.ja3"},
    Row{"ja3s", "security.tls.ja3s"},
    Row{"ja4", "security.tls.ja4"},
    Row{"certificateSha256", "security.certificate.sha256"},
    Row{"carrier", "carrier.protocol"},
    Row{"sensor", "sensor.name"},
    Row{"sensorSource", "sensor.source"},
    Row{"packets", "packets"},
    Row{"bytes", "bytes"},
    Row{"openSessions", "open_sessions"},
};

std::string value_text(std::string_view text, char not_in_it) {
  auto clean = without_controls(text);
  std::ranges::replace(clean, not_in_it, '_');
  return clean;
}

}  // namespace

std::span<const Row> leef_rows() {
  return kRows;
}

std::string to_leef(const v1::Event& event) {
  const auto facts = to_facts(event);
  const auto kind = facts.at("event_kind").get<std::string>();
  const auto& headline = headline_of(kind);
  std::string line = "LEEF:2.0|Remora|remora|" +
                     value_text(text_of({"", "sensor.version"}, facts), '|') + '|' + kind +
                     "|^|cat=" + kind + "^sev=" + std::to_string(std::max(headline.severity, 1));
  Json put_already = Json::object();
  for (const auto& row : kRows) {
    const auto text = text_of(row, facts);
    if (text.empty() || !put(put_already, row.to, true)) { continue; }
    line += '^';
    line += row.to;
    line += '=' + value_text(text, '^');
  }
  return line;
}

}  // namespace remora::siem
