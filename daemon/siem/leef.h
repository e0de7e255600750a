#pragma once

#include <span>
#include <string>

#include "daemon/siem/row.h"
#include "remora/v1/event.pb.h"

namespace remora::siem {

/// QRadar's Log Event Extended Format 2.0, attributes parted by "^": one line without its end. LEEF
/// has no escapes: in values "^" becomes "_", control characters become spaces.
/// docs/mappings-leef.md
[[nodiscard]] std::string to_leef(const v1::Event& event);

/// Attribute <- fact.
[[nodiscard]] std::span<const Row> leef_rows();

}  // namespace remora::siem
