#pragma once

#include "daemon/store/row.h"
#include "remora/v1/event.pb.h"

namespace remora::store {

/// Keeps the rows of `tickets`: what a ticket says, and what became of it, in whatever order that
/// is told. Which sessions used it is in `sessions.ticket_id`.
class TicketWriter {
 public:
  explicit TicketWriter(Series& series);
  /// Passes over events of other kinds.
  void write(const v1::Event& event, Series& series);

 private:
  void write(const v1::Event& event, const v1::Ticket& ticket, const v1::Carrier* carrier,
             Series& series);
  sqlite::Statement upsert_;
};

}  // namespace remora::store
