#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dissect/observation/ticket.h"

namespace remora::assistance {

/// SHA-256 of the RA session id in a connection string, [MS-RAI] 2.2.1 (RASessionID, the fifth of
/// eight fields) or 2.2.2 (ID of node A), as it is written there. Empty where it has none.
[[nodiscard]] std::optional<observation::Sha256> session_id_digest(std::string_view connection);

/// Names among the addresses of the one who waits: the third field, `host:port;host:port`, or N of
/// the L elements.
///
/// LIMIT: 16; more are not read.
[[nodiscard]] std::vector<std::string> host_names(std::string_view connection);

}  // namespace remora::assistance
