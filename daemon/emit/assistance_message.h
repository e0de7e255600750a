#pragma once

#include "dissect/session/session_event.h"
#include "remora/v1/event.pb.h"

namespace remora::emit {

void fill(const session::ControlStarted& from, v1::ControlStarted& to);
void fill(const session::ControlEnded& from, v1::ControlEnded& to);
void fill(const session::FileTransfer& from, v1::FileTransfer& to);

}  // namespace remora::emit
