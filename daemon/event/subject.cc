#include "daemon/event/subject.h"

namespace remora {

const std::string& subject_of(const v1::Event& event) {
  if (!event.session_id().empty()) { return event.session_id(); }
  if (!event.ticket_id().empty()) { return event.ticket_id(); }
  return event.event_id();
}

}  // namespace remora
