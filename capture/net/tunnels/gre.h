#pragma once

#include <optional>

#include "capture/net/tunnels/encapsulated.h"

namespace remora::capture {

/// GRE, RFC 2784 and RFC 2890 (checksum, key, sequence number); NVGRE, RFC 7637; ERSPAN; and the
/// version 1 of PPTP, RFC 2637 4.1. Empty when the header is cut short. A header with the routing
/// of RFC 1701, or of another version, carries nothing that is followed.
[[nodiscard]] std::optional<Encapsulated> read_gre(ByteView bytes);

}  // namespace remora::capture
