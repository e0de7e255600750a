#pragma once

#include <optional>

#include "capture/link/link_layer.h"

namespace remora::capture {

/// BSD loopback: four bytes of address family, in the byte order of the machine that captured
/// (LINKTYPE_NULL) or of the network (LINKTYPE_LOOP). Both orders are accepted for both.
[[nodiscard]] std::optional<LinkResult> read_loopback(ByteView frame);

}  // namespace remora::capture
