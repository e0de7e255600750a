#include "daemon/emit/emitter.h"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "capture/base/cursor.h"
#include "daemon/emit/assistance_message.h"
#include "daemon/emit/community_id.h"
#include "daemon/emit/event_id.h"
#include "daemon/emit/file_message.h"
#include "daemon/emit/offer_message.h"
#include "daemon/emit/session_message.h"
#include "daemon/emit/ticket_message.h"
#include "daemon/event/kind.h"
#include "dissect/encoding/digest.h"
#include "dissect/encoding/text.h"

namespace remora::emit {
namespace {

using session::SessionEvent;

v1::SessionAccepted::AcceptedBy accepted_by(session::Accepted::By by) {
  switch (by) {
    case session::Accepted::By::kLicense:
      return v1::SessionAccepted::LICENSE;
    case session::Accepted::By::kActivation:
      return v1::SessionAccepted::ACTIVATION;
    case session::Accepted::By::kInferred:
      return v1::SessionAccepted::BEHAVIOUR;
    case session::Accepted::By::kAssistance:
      return v1::SessionAccepted::RA_ACCEPT;
  }
  return v1::SessionAccepted::ACCEPTED_BY_UNSPECIFIED;
}

const char* logon_method(session::Logon::Method method) {
  switch (method) {
    case session::Logon::Method::kSaveSessionInfo:
      return "SAVE_SESSION_INFO";
    case session::Logon::Method::kCredSspNtlm:
      return "CREDSSP_NTLM";
    case session::Logon::Method::kCredSspKerberos:
      return "CREDSSP_KERBEROS";
    case session::Logon::Method::kCredSsp:
      return "CREDSSP";
    case session::Logon::Method::kRdstls:
      return "RDSTLS";
    case session::Logon::Method::kRdsAad:
      return "RDSAAD";
  }
  return "";
}

/// Writes each kind of happening into the event.
struct KindWriter {
  const SessionEvent& event;
  v1::Event& to;

  void fill_session(v1::Session& session) const { fill(event.session, event.at.time, session); }

  void operator()(const session::Opened&) const {
    fill_session(*to.mutable_session_opened()->mutable_session());
  }
  void operator()(const session::Accepted& accepted) const {
    to.mutable_session_accepted()->set_accepted_by(accepted_by(accepted.by));
    fill_session(*to.mutable_session_accepted()->mutable_session());
  }
  void operator()(const session::Updated&) const {
    fill_session(*to.mutable_session_updated()->mutable_session());
  }
  void operator()(const session::Closed&) const {
    auto& closed = *to.mutable_session_closed();
    if (event.session.end_reason.has_value()) {
      closed.set_end_reason(end_reason(*event.session.end_reason));
    }
    fill_session(*closed.mutable_session());
  }
  void operator()(const session::Logon& logon) const {
    auto& told = *to.mutable_logon();
    if (!logon.user.name.empty()) { fill(logon.user, *told.mutable_user()); }
    told.set_method(logon_method(logon.method));
    told.set_succeeded(logon.succeeded);
    if (logon.error.has_value()) { fill(*logon.error, *told.mutable_error()); }
    if (logon.error_detail.has_value()) { fill(*logon.error_detail, *told.mutable_error_detail()); }
    told.set_notification(logon.notification);
    if (logon.windows_session_id.has_value()) {
      told.set_windows_session_id(*logon.windows_session_id);
    }
  }
  void operator()(const session::Anomaly& anomaly) const {
    to.mutable_anomaly()->set_code(anomaly.code);
    to.mutable_anomaly()->set_detail(anomaly.detail);
    if (anomaly.count.has_value()) { to.mutable_anomaly()->set_count(*anomaly.count); }
  }
  void operator()(const session::ControlStarted& control) const {
    fill(control, *to.mutable_control_started());
  }
  void operator()(const session::ControlEnded& control) const {
    fill(control, *to.mutable_control_ended());
  }
  void operator()(const session::FileTransferStarted& transfer) const {
    fill(transfer.file, *to.mutable_file_transfer_started());
  }
  void operator()(const session::FileTransferEnded& transfer) const {
    fill(transfer.file, *to.mutable_file_transfer_ended());
  }
  void operator()(const session::FileOperation& operation) const {
    fill(operation, *to.mutable_file_operation());
  }
};

void fill_sensor(const SensorIdentity& from, v1::Sensor& to) {
  to.set_name(from.name);
  to.set_version(from.version);
  to.set_source(from.source);
}

/// What every event has.
void fill_common(const SensorIdentity& sensor, Instant at, Certainty known, double confidence,
                 const std::vector<session::Evidence>& reasons, v1::Event& told) {
  fill(at.time, *told.mutable_time());
  fill_sensor(sensor, *told.mutable_sensor());
  told.set_certainty(certainty(known));
  told.set_confidence(confidence);
  for (const auto& evidence : reasons) {
    auto& added = *told.add_evidence();
    added.set_frame(to_number(evidence.frame));
    added.set_rule(evidence.rule);
    added.set_note(evidence.note);
  }
}

}  // namespace

Emitter::Emitter(SensorIdentity sensor) : sensor_{std::move(sensor)} {
  sensor_.name = encoding::to_utf8(as_bytes(sensor_.name));
  sensor_.source = encoding::to_utf8(as_bytes(sensor_.source));
}

std::unique_ptr<v1::Event> Emitter::to_event(const session::Event& event) const {
  return std::visit([this](const auto& happened) { return tell(happened); }, event);
}

std::unique_ptr<v1::Event> Emitter::tell(const session::TicketEvent& event) const {
  auto told = std::make_unique<v1::Event>();
  fill_common(sensor_, event.at, event.certainty, event.confidence, event.evidence, *told);
  if (event.session.has_value()) { told->set_session_id(encoding::to_hex(*event.session)); }
  if (event.ticket.has_value()) { told->set_ticket_id(encoding::to_hex(event.ticket->id)); }
  if (event.flow.has_value()) {
    told->set_community_id(community_id(event.flow->transport,
                                        event.flow->of(Side::kInitiator).address,
                                        event.flow->of(Side::kAcceptor).address));
  }
  fill_kind(event, *told);
  // Of what was rejected there may be several in a frame, and none has a ticket's id.
  std::uint64_t ordinal = 0;
  if (const auto* rejected = std::get_if<session::TicketRejected>(&event.what)) {
    ordinal = Cursor{rejected->refused.digest}.u64be("digest");
  } else if (const auto* odd = std::get_if<session::CarrierAnomaly>(&event.what)) {
    ordinal = Cursor{encoding::sha256(as_bytes(odd->anomaly.code))}.u64be("digest");
  }
  told->set_event_id(event_id(*told, ordinal));
  return told;
}

std::unique_ptr<v1::Event> Emitter::tell(const session::OfferEvent& event) const {
  auto told = std::make_unique<v1::Event>();
  fill_common(sensor_, event.at, event.certainty, event.confidence, event.evidence, *told);
  if (event.offer.ticket.has_value()) {
    told->set_ticket_id(encoding::to_hex(*event.offer.ticket));
  }
  told->set_community_id(community_id(event.flow.transport, event.flow.of(Side::kInitiator).address,
                                      event.flow.of(Side::kAcceptor).address));
  fill(event.offer, *told->mutable_offer());
  told->set_event_id(event_id(*told, to_number(event.flow.id)));
  return told;
}

std::unique_ptr<v1::Event> Emitter::tell(const SessionEvent& event) const {
  auto told = std::make_unique<v1::Event>();
  fill_common(sensor_, event.at, event.certainty, event.confidence, event.evidence, *told);
  told->set_session_id(encoding::to_hex(event.session.id));
  if (event.session.ticket.has_value()) {
    told->set_ticket_id(encoding::to_hex(event.session.ticket->ticket));
  }
  told->set_community_id(
      community_id(event.session.transport, event.flow_initiator, event.flow_acceptor));
  std::visit(KindWriter{.event = event, .to = *told}, event.what);
  told->set_event_id(event_id(*told, event.ordinal));
  return told;
}

std::unique_ptr<v1::Event> Emitter::to_event(const Health& health) const {
  auto told = std::make_unique<v1::Event>();
  fill(health.end, *told->mutable_time());
  fill_sensor(sensor_, *told->mutable_sensor());
  told->set_certainty(v1::Knowledge::OBSERVED);
  told->set_confidence(1.0);
  auto& to = *told->mutable_sensor_health();
  fill(health.start, *to.mutable_start());
  fill(health.end, *to.mutable_end());
  to.set_packets(health.frames);
  to.set_bytes(health.wire_bytes);
  for (const auto& [reason, count] : health.drops) {
    auto& drop = *to.add_drops();
    drop.set_reason(reason);
    drop.set_count(count);
  }
  if (health.dropped_by_kernel > 0) {
    auto& drop = *to.add_drops();
    drop.set_reason("frame_lost");
    drop.set_where("kernel");
    drop.set_count(health.dropped_by_kernel);
  }
  if (health.memory_bytes.has_value()) { to.set_memory_bytes(*health.memory_bytes); }
  to.set_flows(health.flows);
  to.set_open_flows(health.open_flows);
  to.set_open_sessions(health.open_sessions);
  if (health.truncated) { to.set_truncated(true); }
  told->set_event_id(event_id(*told, health.frames));
  return told;
}

}  // namespace remora::emit
