#pragma once

#include <cstddef>
#include <string_view>

#include "capture/base/bytes.h"

namespace remora::dynamic_channels {

/// The static channel that a dynamic one tunnels, [MS-RDPEDYC] 3.1.5.4, where its name was told on
/// another connection: by the start of one of its messages, of `total` bytes. Empty where that may
/// be anything.
[[nodiscard]] std::string_view name_by_content(ByteView start, std::size_t total);

}  // namespace remora::dynamic_channels
