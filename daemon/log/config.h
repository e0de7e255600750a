#pragma once

#include "daemon/config/map.h"
#include "daemon/log/log.h"

namespace remora::log {

/// Reads the block `log:` of the whole configuration `map` (docs/watching.md). What is wrong is
/// told to the map's problems.
[[nodiscard]] Settings read_log(config::Map& map);

}  // namespace remora::log
