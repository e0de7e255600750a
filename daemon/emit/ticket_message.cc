#include "daemon/emit/ticket_message.h"

#include <chrono>
#include <string>
#include <variant>

#include "daemon/emit/community_id.h"
#include "daemon/emit/session_message.h"
#include "dissect/encoding/text.h"

namespace remora::emit {
namespace {

v1::Ticket::Format format(observation::Ticket::Format format) {
  using Format = observation::Ticket::Format;
  switch (format) {
    case Format::kXp:
      return v1::Ticket::XP;
    case Format::kVista:
      return v1::Ticket::VISTA;
    case Format::kConnectionString1:
      return v1::Ticket::CONNECTION_STRING_1;
    case Format::kConnectionString2:
      return v1::Ticket::CONNECTION_STRING_2;
  }
  return v1::Ticket::FORMAT_UNSPECIFIED;
}

v1::TicketDeleted::How how(session::TicketDeleted::How how) {
  using How = session::TicketDeleted::How;
  switch (how) {
    case How::kCarrierCopyDeleted:
      return v1::TicketDeleted::CARRIER_COPY_DELETED;
    case How::kListenerClosed:
      return v1::TicketDeleted::LISTENER_CLOSED;
    case How::kSessionNotFound:
      return v1::TicketDeleted::SESSION_NOT_FOUND;
    case How::kStoppedByUser:
      return v1::TicketDeleted::STOPPED_BY_USER;
    case How::kPortMappingRemoved:
      return v1::TicketDeleted::PORT_MAPPING_REMOVED;
    case How::kNameRevoked:
      return v1::TicketDeleted::NAME_REVOKED;
  }
  return v1::TicketDeleted::HOW_UNSPECIFIED;
}

/// Writes each kind of happening into the event.
struct KindWriter {
  const session::TicketEvent& event;
  v1::Event& to;

  void fill_ticket(v1::Ticket& ticket) const {
    if (event.ticket.has_value()) { fill(*event.ticket, ticket); }
  }
  template <typename Message>
  void fill_carriers(Message& message) const {
    if (!event.ticket.has_value()) { return; }
    for (const auto& carrier : event.ticket->carriers) { fill(carrier, *message.add_carriers()); }
  }

  void operator()(const session::TicketCreated& created) const {
    auto& told = *to.mutable_ticket_created();
    fill_ticket(*told.mutable_ticket());
    fill(created.carrier, *told.mutable_carrier());
  }
  void operator()(const session::TicketExpired&) const {
    auto& told = *to.mutable_ticket_expired();
    fill_ticket(*told.mutable_ticket());
    if (event.ticket.has_value()) { told.set_times_used(event.ticket->times_used); }
    fill_carriers(told);
  }
  void operator()(const session::TicketDeleted& deleted) const {
    auto& told = *to.mutable_ticket_deleted();
    fill_ticket(*told.mutable_ticket());
    told.set_how(how(deleted.how));
    if (deleted.carrier.has_value()) { fill(*deleted.carrier, *told.mutable_carrier()); }
    if (event.ticket.has_value()) { told.set_times_used(event.ticket->times_used); }
    fill_carriers(told);
  }
  void operator()(const session::TicketRejected& rejected) const {
    auto& told = *to.mutable_ticket_rejected();
    const auto& refused = rejected.refused;
    told.set_error(refused.error);
    if (refused.line.has_value()) { told.set_line(*refused.line); }
    if (refused.column.has_value()) { told.set_column(*refused.column); }
    fill(rejected.carrier, *told.mutable_carrier());
    told.set_sha256(encoding::to_hex(refused.digest));
    told.set_size(refused.size);
  }
  void operator()(const session::CarrierAnomaly& found) const {
    auto& told = *to.mutable_anomaly();
    told.set_code(found.anomaly.code);
    told.set_detail(found.anomaly.detail);
  }
};

}  // namespace

void fill(const session::KnownTicket& from, v1::Ticket& to) {
  const auto& says = from.says;
  to.set_ticket_id(encoding::to_hex(from.id));
  to.set_format(format(says.format));
  if (from.reverse_connect.has_value()) { to.set_reverse_connect(*from.reverse_connect); }
  to.set_user_name(says.user_name);
  if (says.start.has_value()) { fill(*says.start, *to.mutable_start()); }
  if (says.valid.has_value()) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(*says.valid);
    to.mutable_duration()->set_seconds(seconds.count());
  }
  if (says.start.has_value() && says.valid.has_value()) {
    fill(*says.start + *says.valid, *to.mutable_expires());
  }
  for (const auto& address : says.addresses) {
    auto& added = *to.add_addresses();
    if (address.address.has_value()) { added.set_address(address.address->to_text()); }
    if (address.port.has_value()) { added.set_port(to_number(*address.port)); }
    added.set_name(address.name);
  }
  if (says.session_id_digest.has_value()) {
    to.set_ra_session_id_sha256(encoding::to_hex(*says.session_id_digest));
  }
  if (says.password_protected.has_value()) { to.set_password_protected(*says.password_protected); }
  if (says.sid.has_value()) { to.set_sid(std::to_string(*says.sid)); }
}

void fill(const session::TicketCarrier& from, v1::Carrier& to) {
  to.set_protocol(from.carriage.protocol);
  to.set_source_address(from.source.address.to_text());
  to.set_source_port(to_number(from.source.port));
  to.set_destination_address(from.destination.address.to_text());
  to.set_destination_port(to_number(from.destination.port));
  to.set_file_name(from.carriage.file_name);
  to.set_community_id(community_id(from.transport, from.source, from.destination));
}

void fill_kind(const session::TicketEvent& from, v1::Event& to) {
  std::visit(KindWriter{.event = from, .to = to}, from.what);
}

}  // namespace remora::emit
