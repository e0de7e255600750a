#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "remora/v1/event.pb.h"

namespace remora::outputs::syslog {

/// What a message holds: a format of daemon/siem, or the event's own JSON.
enum class Payload : std::uint8_t { kCef, kLeef, kEcs, kOcsf, kJson };

/// The words of a configuration.
[[nodiscard]] const std::map<std::string, Payload>& payload_words();

[[nodiscard]] std::string to_payload(Payload payload, const v1::Event& event);

}  // namespace remora::outputs::syslog
