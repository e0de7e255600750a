#pragma once

#include "capture/base/frame.h"
#include "dissect/observation/flow.h"
#include "dissect/session/session.h"

namespace remora::session {

/// A handle that is the same on every replay: SHA-256 over transport, addresses, ports, and the
/// packet with which the session began; the first 128 bits.
[[nodiscard]] SessionId make_session_id(const FlowFacts& flow, Instant opened);

}  // namespace remora::session
