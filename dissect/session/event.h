#pragma once

#include <variant>
#include <vector>

#include "dissect/session/offer_event.h"
#include "dissect/session/session_event.h"
#include "dissect/session/ticket_event.h"

namespace remora::session {

/// The second waist: everything that can have happened.
using Event = std::variant<SessionEvent, TicketEvent, OfferEvent>;
using Events = std::vector<Event>;

[[nodiscard]] inline Instant time_of(const Event& event) {
  return std::visit([](const auto& told) { return told.at; }, event);
}

}  // namespace remora::session
