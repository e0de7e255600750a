#include "daemon/shipper/restart.h"

#include "daemon/emit/event_id.h"
#include "daemon/event/session_of.h"

namespace remora::shipper {

std::unique_ptr<v1::Event> closed_by_restart(const v1::Event& last) {
  const auto* session = session_of(last);
  if (session == nullptr) { return nullptr; }
  auto told = std::make_unique<v1::Event>();
  *told->mutable_time() = last.time();
  *told->mutable_sensor() = last.sensor();
  told->set_session_id(last.session_id());
  told->set_ticket_id(last.ticket_id());
  told->set_community_id(last.community_id());
  told->set_certainty(v1::Knowledge::OBSERVED);
  told->set_confidence(1.0);
  told->add_evidence()->set_rule("sensor.restart");
  auto& closed = *told->mutable_session_closed();
  closed.set_end_reason(v1::Session::SENSOR_RESTART);
  *closed.mutable_session() = *session;
  closed.mutable_session()->set_end_reason(v1::Session::SENSOR_RESTART);
  told->set_event_id(emit::event_id(*told, 0));
  return told;
}

}  // namespace remora::shipper
