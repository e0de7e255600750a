#pragma once

#include "dissect/session/session.h"
#include "remora/v1/session.pb.h"

namespace remora::emit {

/// What the session told of its course.
void fill_course(const session::Session& from, v1::Session& to);

}  // namespace remora::emit
