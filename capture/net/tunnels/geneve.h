#pragma once

#include <optional>

#include "capture/net/tunnels/encapsulated.h"

namespace remora::capture {

/// Geneve, RFC 8926 3.4; options are stepped over, control packets (O) carry nothing. Empty when
/// the datagram is cut short or is something else; the id is the network (VNI).
[[nodiscard]] std::optional<Encapsulated> read_geneve(ByteView datagram);

}  // namespace remora::capture
