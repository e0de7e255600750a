#pragma once

#include <string>

#include "daemon/siem/json.h"

namespace remora::siem {

[[nodiscard]] bool is_ip(const std::string& text);

/// All addresses, host names and users that an event names, each once, in its order: "ip", "hosts",
/// "user", for analysts who search for one and do not care where it stood.
///
/// LIMIT: 64 of each; the rest is left out.
[[nodiscard]] Json related_of(const Json& facts);

}  // namespace remora::siem
