#include "daemon/event/session_of.h"

namespace remora {

const v1::Session* session_of(const v1::Event& event) {
  switch (event.kind_case()) {
    case v1::Event::kSessionOpened:
      return &event.session_opened().session();
    case v1::Event::kSessionAccepted:
      return &event.session_accepted().session();
    case v1::Event::kSessionUpdated:
      return &event.session_updated().session();
    case v1::Event::kSessionClosed:
      return &event.session_closed().session();
    default:
      return nullptr;
  }
}

}  // namespace remora
