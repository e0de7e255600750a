#include "daemon/siem/headline.h"

#include <algorithm>
#include <array>

namespace remora::siem {
namespace {

constexpr std::array kHeadlines{
    Headline{"session_opened", "Remote session opened", 3},
    Headline{"session_accepted", "Remote session accepted", 3},
    Headline{"session_updated", "Remote session updated", 1},
    Headline{"session_closed", "Remote session closed", 3},
    Headline{"logon", "Logon to a remote session", 3},
    Headline{"ticket_created", "Remote Assistance invitation seen", 3},
    Headline{"ticket_expired", "Remote Assistance invitation expired", 1},
    Headline{"ticket_deleted", "Remote Assistance invitation withdrawn", 1},
    Headline{"ticket_rejected", "Malformed Remote Assistance invitation", 5},
    Headline{"control_started", "Remote control taken", 4},
    Headline{"control_ended", "Remote control given back", 3},
    Headline{"file_transfer_started", "File transfer started", 3},
    Headline{"file_transfer_ended", "File transfer ended", 3},
    Headline{"file_operation", "File changed over a remote session", 4},
    Headline{"offer", "Remote Assistance offered", 4},
    Headline{"anomaly", "Anomaly", 6},
    Headline{"sensor_health", "Sensor health", 0},
};
constexpr Headline kOther{"", "Event", 1};

}  // namespace

const Headline& headline_of(std::string_view kind) {
  const auto* const found = std::ranges::find(kHeadlines, kind, &Headline::kind);
  return found == kHeadlines.end() ? kOther : *found;
}

}  // namespace remora::siem
