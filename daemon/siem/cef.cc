#include "daemon/siem/cef.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "daemon/siem/conversions.h"
#include "daemon/siem/facts.h"
#include "daemon/siem/flat_text.h"
#include "daemon/siem/headline.h"
#include "daemon/siem/paths.h"

namespace remora::siem {
namespace {

constexpr std::array kRows{
    Row{"rt", "time", epoch_milliseconds},
    Row{"externalId", "event_id"},
    Row{"start", "opened", epoch_milliseconds},
    Row{"end", "closed", epoch_milliseconds},
    Row{"start", "start", epoch_milliseconds},
    Row{"end", "end", epoch_milliseconds},
    Row{"src", "source_end.address", ip_only},
    Row{"spt", "source_end.port"},
    Row{"shost", "source_end.fqdn"},
    Row{"smac", "source_end.mac"},
    Row{"dst", "destination_end.address", ip_only},
    Row{"dpt", "destination_end.port"},
    Row{"dhost", "destination_end.fqdn"},
    Row{"dmac", "destination_end.mac"},
    Row{"suser", "who.name"},
    Row{"sntdom", "who.domain"},
    Row{"duser", "novice_user.name"},
    Row{"dntdom", "novice_user.domain"},
    Row{"proto", "transport", upper},
    Row{"act", "event_kind"},
    Row{"outcome", "result_word"},
    Row{"reason", "error.name"},
    Row{"reason", "error", text_only},
    Row{"reason", "end_reason"},
    Row{"reason", "result"},
    Row{"reason", "how"},
    Row{"in", "source_end.bytes"},
    Row{"out", "destination_end.bytes"},
    Row{"fname", "file.name"},
    Row{"filePath", "file.path"},
    Row{"fsize", "size"},
    Row{"fileHash", "sha256"},
    Row{"cnt", "count"},
    Row{"msg", "detail"},
    Row{"cat", "code"},
    Row{"dvchost", "sensor.name"},
    Row{"deviceInboundInterface", "sensor.source"},
    Row{"cs1", "session_id"},
    Row{"cs2", "ticket_id"},
    Row{"cs3", "community_id"},
    Row{"cs4", "certainty"},
    Row{"cs5", "rules", joined},
    Row{"cs6", "security.tls.ja3"},
    Row{"cn1", "frames", first},
    Row{"cn2", "duration", milliseconds},
    Row{"cn3", "total_packets"},
    Row{"cfp1", "confidence"},
};

constexpr std::array kLabels{
    CefLabel{"cs1", "sessionId"},   CefLabel{"cs2", "ticketId"},   CefLabel{"cs3", "communityId"},
    CefLabel{"cs4", "certainty"},   CefLabel{"cs5", "rules"},      CefLabel{"cs6", "ja3"},
    CefLabel{"cn1", "frame"},       CefLabel{"cn2", "durationMs"}, CefLabel{"cn3", "packets"},
    CefLabel{"cfp1", "confidence"},
};

/// `\` before each of `special`; line ends as `\n`, other control characters as spaces.
std::string escaped(const std::string& text, std::string_view special) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = text[i];
    if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') { continue; }
    if (c == '\n' || c == '\r') {
      out += "\\n";
    } else {
      if (special.find(c) != std::string_view::npos) { out += '\\'; }
      out += without_controls({&c, 1});
    }
  }
  return out;
}

std::string header_field(std::string_view text) {
  return escaped(without_controls(text), "|\\");
}

}  // namespace

std::span<const Row> cef_rows() {
  return kRows;
}
std::span<const CefLabel> cef_labels() {
  return kLabels;
}

std::string to_cef(const v1::Event& event) {
  const auto facts = to_facts(event);
  const auto kind = facts.at("event_kind").get<std::string>();
  const auto& headline = headline_of(kind);
  std::string line = "CEF:0|Remora|remora|" + header_field(text_of({"", "sensor.version"}, facts)) +
                     '|' + header_field(kind) + '|' + header_field(headline.name) + '|' +
                     std::to_string(headline.severity) + "|app=RDP";
  Json put_already = Json::object();
  for (const auto& row : kRows) {
    const auto text = text_of(row, facts);
    if (text.empty() || !put(put_already, row.to, true)) { continue; }
    line += ' ';
    line += row.to;
    line += '=' + escaped(text, "=\\");
    const auto* const label = std::ranges::find(kLabels, row.to, &CefLabel::key);
    if (label != kLabels.end()) {
      line += ' ';
      line += label->key;
      line += "Label=";
      line += label->label;
    }
  }
  return line;
}

}  // namespace remora::siem
