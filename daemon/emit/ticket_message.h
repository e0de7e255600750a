#pragma once

#include "dissect/session/ticket_event.h"
#include "remora/v1/event.pb.h"
#include "remora/v1/ticket.pb.h"

namespace remora::emit {

void fill(const session::KnownTicket& from, v1::Ticket& to);
void fill(const session::TicketCarrier& from, v1::Carrier& to);
/// Writes what happened into the kind of `to` that tells it.
void fill_kind(const session::TicketEvent& from, v1::Event& to);

}  // namespace remora::emit
