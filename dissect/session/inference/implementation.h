#pragma once

#include <optional>

#include "dissect/session/session.h"

namespace remora::session {

/// Which program plays the client, or the server, judged by what it need not send as it does. Each
/// habit was seen of real programs; empty where none is known well enough.
[[nodiscard]] std::optional<Implementation> client_implementation(const Session& session);
[[nodiscard]] std::optional<Implementation> server_implementation(const Session& session);

}  // namespace remora::session
