#include "daemon/event/importance.h"

namespace remora {

Importance importance_of(const v1::Event& event) {
  switch (event.kind_case()) {
    case v1::Event::kSensorHealth:
      return Importance::kCounters;
    case v1::Event::kSessionUpdated:
    case v1::Event::kSessionOpened:
      return Importance::kInterim;
    case v1::Event::kControlStarted:
    case v1::Event::kControlEnded:
    case v1::Event::kFileTransferStarted:
    case v1::Event::kFileTransferEnded:
    case v1::Event::kFileOperation:
    case v1::Event::kAnomaly:
      return Importance::kActivity;
    default:
      return Importance::kRecord;
  }
}

}  // namespace remora
