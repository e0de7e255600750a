#pragma once

#include <cstdint>

#include "remora/v1/event.pb.h"

namespace remora {

/// What is given up first when room runs out, least first. Each step is useless without the next:
/// an update is contained in the session's end, counters of the sensor say nothing of anybody.
enum class Importance : std::uint8_t {
  kCounters,  ///< sensor_health
  kInterim,   ///< session_updated, session_opened: what the session's end tells again
  kActivity,  ///< files, control, anomalies
  kRecord,    ///< who was let in where, and when it ended; logons, tickets, offers
};

/// A kind this program does not know counts as a record.
[[nodiscard]] Importance importance_of(const v1::Event& event);

}  // namespace remora
