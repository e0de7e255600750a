#pragma once

#include "dissect/session/session_event.h"
#include "remora/v1/event.pb.h"

namespace remora::emit {

void fill(const session::ControlStarted& from, v1::ControlStarted& to);
void fill(const session::ControlEnded& from, v1::ControlEnded& to);

}  // namespace remora::emit
