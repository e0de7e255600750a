#pragma once

#include <optional>

#include "capture/link/link_layer.h"

namespace remora::capture {

/// Linux cooked capture (LINKTYPE_LINUX_SLL), what the "any" interface gives.
[[nodiscard]] std::optional<LinkResult> read_cooked_v1(ByteView frame);

/// Linux cooked capture v2 (LINKTYPE_LINUX_SLL2).
[[nodiscard]] std::optional<LinkResult> read_cooked_v2(ByteView frame);

}  // namespace remora::capture
