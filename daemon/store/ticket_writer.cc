#include "daemon/store/ticket_writer.h"

#include <optional>
#include <string>

namespace remora::store {
namespace {

/// What one event does not know another may have told.
constexpr const char* kUpsert = R"sql(
INSERT INTO tickets(ticket_id, format, reverse_connect, user_name, start_ns, expires_ns, addresses,
  ra_session_id_sha256, password_protected, sid, carrier, carrier_source, carrier_destination,
  file_name, created_ns, expired_ns, deleted_ns, deleted_how, times_used, last_ns)
VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT(ticket_id) DO UPDATE SET
  format = coalesce(excluded.format, format),
  reverse_connect = coalesce(excluded.reverse_connect, reverse_connect),
  user_name = coalesce(excluded.user_name, user_name),
  start_ns = coalesce(excluded.start_ns, start_ns),
  expires_ns = coalesce(excluded.expires_ns, expires_ns),
  addresses = coalesce(excluded.addresses, addresses),
  ra_session_id_sha256 = coalesce(excluded.ra_session_id_sha256, ra_session_id_sha256),
  password_protected = coalesce(excluded.password_protected, password_protected),
  sid = coalesce(excluded.sid, sid),
  carrier = coalesce(carrier, excluded.carrier),
  carrier_source = coalesce(carrier_source, excluded.carrier_source),
  carrier_destination = coalesce(carrier_destination, excluded.carrier_destination),
  file_name = coalesce(file_name, excluded.file_name),
  created_ns = coalesce(min(created_ns, excluded.created_ns), created_ns, excluded.created_ns),
  expired_ns = coalesce(excluded.expired_ns, expired_ns),
  deleted_ns = coalesce(min(deleted_ns, excluded.deleted_ns), deleted_ns, excluded.deleted_ns),
  deleted_how = coalesce(deleted_how, excluded.deleted_how),
  times_used = coalesce(max(times_used, excluded.times_used), times_used, excluded.times_used),
  last_ns = max(last_ns, excluded.last_ns)
)sql";

/// "192.0.2.1:3389 [2001:db8::1]:3389 pc7.example:3389", in the order of the ticket.
std::string addresses_of(const v1::Ticket& ticket) {
  std::string text;
  for (const auto& at : ticket.addresses()) {
    if (!text.empty()) { text += ' '; }
    const bool v6 = at.address().find(':') != std::string::npos;
    text += at.address().empty() ? at.name() : v6 ? '[' + at.address() + ']' : at.address();
    if (at.has_port()) { text += ':' + std::to_string(at.port()); }
  }
  return text;
}

std::optional<std::uint32_t> times_used(const v1::Event& event) {
  if (event.ticket_expired().has_times_used()) { return event.ticket_expired().times_used(); }
  if (event.ticket_deleted().has_times_used()) { return event.ticket_deleted().times_used(); }
  return std::nullopt;
}

}  // namespace

TicketWriter::TicketWriter(Series& series) : upsert_{series.prepare(kUpsert)} {}

void TicketWriter::write(const v1::Event& event, Series& series) {
  if (event.ticket_id().empty()) { return; }
  if (event.has_ticket_created()) {
    const auto& created = event.ticket_created();
    return write(event, created.ticket(), &created.carrier(), series);
  }
  if (event.has_ticket_expired()) {
    const auto& expired = event.ticket_expired();
    return write(event, expired.ticket(),
                 expired.carriers().empty() ? nullptr : &expired.carriers(0), series);
  }
  if (event.has_ticket_deleted()) {
    const auto& deleted = event.ticket_deleted();
    return write(event, deleted.ticket(),
                 deleted.carriers().empty() ? nullptr : &deleted.carriers(0), series);
  }
}

void TicketWriter::write(const v1::Event& event, const v1::Ticket& ticket,
                         const v1::Carrier* carrier, Series& series) {
  const auto addresses = addresses_of(ticket);
  const auto& brought = carrier == nullptr ? v1::Carrier::default_instance() : *carrier;
  const auto at = to_nanoseconds(event.time());
  const auto used = times_used(event);
  const auto how = event.ticket_deleted().how();
  Row{upsert_}
      .text(event.ticket_id())
      .text_if(ticket.format() != 0, v1::Ticket::Format_Name(ticket.format()))
      .number_if(ticket.has_reverse_connect(), ticket.reverse_connect() ? 1 : 0)
      .text(ticket.user_name())
      .number_if(ticket.has_start(), to_nanoseconds(ticket.start()))
      .number_if(ticket.has_expires(), to_nanoseconds(ticket.expires()))
      .text(addresses)
      .text(ticket.ra_session_id_sha256())
      .number_if(ticket.has_password_protected(), ticket.password_protected() ? 1 : 0)
      .text(ticket.sid())
      .text(brought.protocol())
      .text(brought.source_address())
      .text(brought.destination_address())
      .text(brought.file_name())
      .number_if(event.has_ticket_created(), at)
      .number_if(event.has_ticket_expired(), at)
      .number_if(event.has_ticket_deleted(), at)
      .text_if(how != 0, v1::TicketDeleted::How_Name(how))
      .number_if(used.has_value(), used.value_or(0))
      .number(at);
  series.run(upsert_);
}

}  // namespace remora::store
