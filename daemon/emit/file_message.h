#pragma once

#include "dissect/session/session_event.h"
#include "remora/v1/event.pb.h"

namespace remora::emit {

void fill(const session::FileTransfer& from, v1::FileTransfer& to);
void fill(const session::FileOperation& from, v1::FileOperation& to);

}  // namespace remora::emit
