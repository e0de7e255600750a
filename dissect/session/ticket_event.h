#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "capture/base/address.h"
#include "capture/base/flow_key.h"
#include "capture/base/frame.h"
#include "dissect/observation/flow.h"
#include "dissect/observation/observation.h"
#include "dissect/session/evidence.h"
#include "dissect/session/session.h"

namespace remora::session {

/// A copy of a ticket on its way.
struct TicketCarrier {
  observation::Carriage carriage;
  Transport transport{Transport::kTcp};
  SocketAddress source;       ///< sent the ticket
  SocketAddress destination;  ///< received it
  bool operator==(const TicketCarrier&) const = default;
};

/// A ticket, as far as its copies and its use have told.
struct KnownTicket {
  TicketId id{};
  observation::Ticket says;
  /// An expert ticket. Absent until a session showed who waits.
  std::optional<bool> reverse_connect;
  std::vector<TicketCarrier> carriers;  ///< in the order in which they were seen
  std::uint32_t times_used{0};          ///< sessions
};

/// The first copy was seen.
struct TicketCreated {
  TicketCarrier carrier;
};
/// Its validity ran out.
struct TicketExpired {};
/// It was withdrawn.
struct TicketDeleted {
  enum class How : std::uint8_t {
    kCarrierCopyDeleted,
    kListenerClosed,
    kSessionNotFound,
    kStoppedByUser,
    kPortMappingRemoved,
    kNameRevoked,
  };
  How how{};
  std::optional<TicketCarrier> carrier;  ///< where the copy was, for kCarrierCopyDeleted
};
/// Something that claimed to be a ticket.
struct TicketRejected {
  observation::TicketRefused refused;
  TicketCarrier carrier;
};

/// What carries tickets was made to exhaust its readers: a bomb, a nest without end.
struct CarrierAnomaly {
  observation::Anomaly anomaly;
};

/// Something that happened to a ticket, with the ticket as it then stood.
struct TicketEvent {
  Instant at;
  std::variant<TicketCreated, TicketExpired, TicketDeleted, TicketRejected, CarrierAnomaly> what;
  Certainty certainty{Certainty::kObserved};
  double confidence{1.0};  ///< 1 unless inferred
  std::vector<Evidence> evidence;
  std::optional<KnownTicket> ticket;   ///< absent for what was rejected, and for anomalies
  std::optional<FlowFacts> flow;       ///< that showed it; absent for what time decided
  std::optional<SessionId> session{};  ///< whose end showed it
};

}  // namespace remora::session
