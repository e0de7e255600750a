#include "daemon/outputs/otlp/kind_attributes.h"

#include "daemon/outputs/otlp/session_attributes.h"

namespace remora::outputs::otlp {
namespace {

std::string address_text(const v1::Ticket::Address& address) {
  const auto& host = address.address().empty() ? address.name() : address.address();
  if (!address.has_port()) { return host; }
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? '[' + host + ']' : host) + ':' + std::to_string(address.port());
}

void fill_error(const v1::NamedCode& error, Attributes& attributes) {
  attributes.text("error.type", error.name().empty() ? std::to_string(error.code()) : error.name());
}

void fill(const v1::Logon& logon, Attributes& attributes) {
  fill_user(logon.user(), attributes);
  attributes.text("remora.logon.method", logon.method());
  attributes.flag("remora.logon.succeeded", logon.succeeded());
  if (logon.has_error()) { fill_error(logon.error(), attributes); }
  if (logon.has_windows_session_id()) {
    attributes.number("remora.windows_session_id", logon.windows_session_id());
  }
}

void fill(const v1::Ticket& ticket, Attributes& attributes) {
  if (ticket.format() != v1::Ticket::FORMAT_UNSPECIFIED) {
    attributes.text("remora.ticket.format", v1::Ticket::Format_Name(ticket.format()));
  }
  attributes.text("user.name", ticket.user_name());
  if (ticket.has_reverse_connect()) {
    attributes.flag("remora.ticket.reverse_connect", ticket.reverse_connect());
  }
  if (ticket.has_password_protected()) {
    attributes.flag("remora.ticket.password_protected", ticket.password_protected());
  }
  if (ticket.has_start()) { attributes.time("remora.ticket.start", ticket.start()); }
  if (ticket.has_expires()) { attributes.time("remora.ticket.expires", ticket.expires()); }
  Attributes::Texts addresses;
  for (const auto& address : ticket.addresses()) { *addresses.Add() = address_text(address); }
  attributes.texts("remora.ticket.addresses", addresses);
  attributes.text("remora.ticket.ra_session_id_sha256", ticket.ra_session_id_sha256());
  attributes.text("remora.ticket.sid", ticket.sid());
}

void fill(const v1::Carrier& carrier, Attributes& attributes) {
  attributes.text("remora.carrier.protocol", carrier.protocol());
  attributes.text("source.address", carrier.source_address());
  if (carrier.has_source_port()) { attributes.number("source.port", carrier.source_port()); }
  attributes.text("destination.address", carrier.destination_address());
  if (carrier.has_destination_port()) {
    attributes.number("destination.port", carrier.destination_port());
  }
  attributes.text("file.name", carrier.file_name());
  attributes.text("remora.carrier.community_id", carrier.community_id());
}

void fill(const v1::TicketExpired& expired, Attributes& attributes) {
  fill(expired.ticket(), attributes);
  if (expired.has_times_used()) {
    attributes.number("remora.ticket.times_used", expired.times_used());
  }
}

void fill(const v1::TicketDeleted& deleted, Attributes& attributes) {
  fill(deleted.ticket(), attributes);
  fill(deleted.carrier(), attributes);
  if (deleted.how() != v1::TicketDeleted::HOW_UNSPECIFIED) {
    attributes.text("remora.ticket.deleted_how", v1::TicketDeleted::How_Name(deleted.how()));
  }
  if (deleted.has_times_used()) {
    attributes.number("remora.ticket.times_used", deleted.times_used());
  }
}

void fill(const v1::TicketRejected& rejected, Attributes& attributes) {
  attributes.text("error.type", rejected.error());
  fill(rejected.carrier(), attributes);
  if (rejected.has_line()) { attributes.number("remora.ticket.error_line", rejected.line()); }
  if (rejected.has_column()) { attributes.number("remora.ticket.error_column", rejected.column()); }
  attributes.text("remora.file.sha256", rejected.sha256());
  if (rejected.has_size()) { attributes.number("file.size", rejected.size()); }
}

/// `Control` is one of ControlStarted and ControlEnded.
template <typename Control>
void fill_control(const Control& control, Attributes& attributes) {
  if (control.has_start()) { attributes.time("remora.control.start", control.start()); }
  attributes.text("remora.control.by", control.by());
  if (control.role() != v1::ControlParty::ROLE_UNSPECIFIED) {
    attributes.text("remora.control.role", v1::ControlParty::Role_Name(control.role()));
  }
}

void fill(const v1::ControlEnded& control, Attributes& attributes) {
  fill_control(control, attributes);
  if (control.has_end()) { attributes.time("remora.control.end", control.end()); }
  if (control.has_duration()) { attributes.seconds("remora.control.duration", control.duration()); }
}

/// The conventions keep the name of a file and its path apart; the wire gives either.
void fill_file_name(const std::string& named, Attributes& attributes) {
  const auto slash = named.find_last_of("/\\");
  attributes.text("file.name", slash == std::string::npos ? named : named.substr(slash + 1));
  if (slash != std::string::npos) { attributes.text("file.path", named); }
}

void fill_file_way(v1::FileTransfer::Mechanism mechanism, v1::FileTransfer::Direction direction,
                   Attributes& attributes) {
  if (mechanism != v1::FileTransfer::MECHANISM_UNSPECIFIED) {
    attributes.text("remora.file.mechanism", v1::FileTransfer::Mechanism_Name(mechanism));
  }
  if (direction != v1::FileTransfer::DIRECTION_UNSPECIFIED) {
    attributes.text("remora.file.direction", v1::FileTransfer::Direction_Name(direction));
  }
}

void fill(const v1::FileTransfer& file, Attributes& attributes) {
  fill_file_name(file.file_name(), attributes);
  if (file.has_size()) { attributes.number("file.size", file.size()); }
  fill_file_way(file.mechanism(), file.direction(), attributes);
  if (file.has_start()) { attributes.time("remora.file.start", file.start()); }
  if (file.has_end()) { attributes.time("remora.file.end", file.end()); }
  if (file.result() != v1::FileTransfer::RESULT_UNSPECIFIED) {
    attributes.text("remora.file.result", v1::FileTransfer::Result_Name(file.result()));
  }
  attributes.text("remora.file.sha256", file.sha256());
  if (file.has_transferred_bytes()) {
    attributes.number("remora.file.transferred_bytes", file.transferred_bytes());
  }
  if (file.internal()) { attributes.flag("remora.file.internal", true); }
  if (file.has_status()) { fill_error(file.status(), attributes); }
}

void fill(const v1::FileOperation& file, Attributes& attributes) {
  fill_file_name(file.file_name(), attributes);
  if (file.operation() != v1::FileOperation::OPERATION_UNSPECIFIED) {
    attributes.text("remora.file.operation", v1::FileOperation::Operation_Name(file.operation()));
  }
  attributes.text("remora.file.new_name", file.new_file_name());
  fill_file_way(file.mechanism(), file.direction(), attributes);
  if (file.has_status()) { fill_error(file.status(), attributes); }
}

void fill(const v1::Offer& offer, Attributes& attributes) {
  fill_ends({.client = offer.expert(), .server = offer.novice(), .client_opened = true},
            attributes);
  fill_user(offer.user(), attributes);
  attributes.text("remora.offer.novice_user", account(offer.novice_user()));
  if (offer.has_windows_session_id()) {
    attributes.number("remora.windows_session_id", offer.windows_session_id());
  }
  if (offer.has_error()) { fill_error(offer.error(), attributes); }
}

void fill(const v1::Anomaly& anomaly, Attributes& attributes) {
  attributes.text("remora.anomaly.code", anomaly.code());
  attributes.text("remora.anomaly.detail", anomaly.detail());
  if (anomaly.has_count()) { attributes.number("remora.anomaly.count", anomaly.count()); }
}

void fill(const v1::SensorHealth& health, Attributes& attributes) {
  attributes.number("remora.health.packets", health.packets());
  attributes.number("remora.health.bytes", health.bytes());
  attributes.number("remora.health.flows", health.flows());
  attributes.number("remora.health.open_flows", health.open_flows());
  attributes.number("remora.health.open_sessions", health.open_sessions());
  Attributes::Texts drops;
  for (const auto& drop : health.drops()) {
    *drops.Add() = (drop.where().empty() ? "" : drop.where() + '.') + drop.reason() + '=' +
                   std::to_string(drop.count());
  }
  attributes.texts("remora.health.drops", drops);
  if (health.has_memory_bytes()) {
    attributes.number("remora.health.memory_bytes", health.memory_bytes());
  }
  if (health.has_queue_depth()) {
    attributes.number("remora.health.queue_depth", health.queue_depth());
  }
  if (health.has_truncated()) { attributes.flag("remora.health.truncated", health.truncated()); }
}

}  // namespace

void fill_kind(const v1::Event& event, Attributes& attributes) {
  switch (event.kind_case()) {
    case v1::Event::kSessionOpened:
      return fill_session(event.session_opened().session(), attributes);
    case v1::Event::kSessionAccepted:
      attributes.text("remora.session.accepted_by",
                      v1::SessionAccepted::AcceptedBy_Name(event.session_accepted().accepted_by()));
      return fill_session(event.session_accepted().session(), attributes);
    case v1::Event::kSessionUpdated:
      return fill_session(event.session_updated().session(), attributes);
    case v1::Event::kSessionClosed:
      return fill_session(event.session_closed().session(), attributes);
    case v1::Event::kLogon:
      return fill(event.logon(), attributes);
    case v1::Event::kTicketCreated:
      fill(event.ticket_created().ticket(), attributes);
      return fill(event.ticket_created().carrier(), attributes);
    case v1::Event::kTicketExpired:
      return fill(event.ticket_expired(), attributes);
    case v1::Event::kTicketDeleted:
      return fill(event.ticket_deleted(), attributes);
    case v1::Event::kTicketRejected:
      return fill(event.ticket_rejected(), attributes);
    case v1::Event::kControlStarted:
      return fill_control(event.control_started(), attributes);
    case v1::Event::kControlEnded:
      return fill(event.control_ended(), attributes);
    case v1::Event::kFileTransferStarted:
      return fill(event.file_transfer_started(), attributes);
    case v1::Event::kFileTransferEnded:
      return fill(event.file_transfer_ended(), attributes);
    case v1::Event::kFileOperation:
      return fill(event.file_operation(), attributes);
    case v1::Event::kOffer:
      return fill(event.offer(), attributes);
    case v1::Event::kAnomaly:
      return fill(event.anomaly(), attributes);
    case v1::Event::kSensorHealth:
      return fill(event.sensor_health(), attributes);
    case v1::Event::KIND_NOT_SET:
      return;
  }
}

}  // namespace remora::outputs::otlp
