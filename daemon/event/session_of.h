#pragma once

#include "remora/v1/event.pb.h"

namespace remora {

/// The session as the event tells it; null where its kind tells none.
[[nodiscard]] const v1::Session* session_of(const v1::Event& event);

}  // namespace remora
