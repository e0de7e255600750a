#pragma once

#include <memory>

#include "daemon/config/map.h"
#include "daemon/delivery/output.h"

namespace remora::routes {

/// The output that `type` of its configuration names; null where no output is called so. The rest
/// of the configuration is its own; what is wrong in it is told to the map's problems, and the
/// output is then not to be used.
[[nodiscard]] std::unique_ptr<delivery::Output> make_output(config::Map& map);

}  // namespace remora::routes
