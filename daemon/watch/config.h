#pragma once

#include <optional>

#include "daemon/config/map.h"
#include "daemon/net/address.h"

namespace remora::watch {

struct Config {
  /// Where to listen; absent: nowhere.
  std::optional<net::Address> address{net::Address{.host = "127.0.0.1", .port = 8389}};
};

/// Reads the block `admin:` of the whole configuration `map` (docs/watching.md). What is wrong is
/// told to the map's problems.
[[nodiscard]] Config read_watch(config::Map& map);

}  // namespace remora::watch
