#pragma once

#include <string>

#include "daemon/config/map.h"
#include "daemon/store/retention.h"

namespace remora::outputs::store {

struct Config {
  std::string path{};
  remora::store::Retention retention{};
};

/// Reads the keys of an output `type: store` (docs/store.md). What is wrong is told to the map's
/// problems; the configuration is then not to be used.
[[nodiscard]] Config read_config(config::Map& map);

}  // namespace remora::outputs::store
