#pragma once

#include <optional>

#include "capture/link/link_layer.h"

namespace remora::capture {

/// No link header at all: the version in the first half-byte tells IPv4 from IPv6.
[[nodiscard]] std::optional<LinkResult> read_raw_ip(ByteView frame);

}  // namespace remora::capture
