#include "daemon/outputs/syslog/payload.h"

#include "daemon/outputs/json_lines.h"
#include "daemon/siem/cef.h"
#include "daemon/siem/ecs.h"
#include "daemon/siem/leef.h"
#include "daemon/siem/ocsf.h"

namespace remora::outputs::syslog {

const std::map<std::string, Payload>& payload_words() {
  static const std::map<std::string, Payload> words{{"cef", Payload::kCef},
                                                    {"leef", Payload::kLeef},
                                                    {"ecs", Payload::kEcs},
                                                    {"ocsf", Payload::kOcsf},
                                                    {"json", Payload::kJson}};
  return words;
}

std::string to_payload(Payload payload, const v1::Event& event) {
  switch (payload) {
    case Payload::kCef:
      return siem::to_cef(event);
    case Payload::kLeef:
      return siem::to_leef(event);
    case Payload::kEcs:
      return siem::to_ecs(event);
    case Payload::kOcsf:
      return siem::to_ocsf(event);
    case Payload::kJson:
      return to_json_line(event);
  }
  return {};
}

}  // namespace remora::outputs::syslog
