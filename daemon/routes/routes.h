#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "daemon/config/map.h"
#include "daemon/delivery/delivery.h"
#include "daemon/spool/spool.h"

namespace remora::routes {

/// Where events go.
struct Routes {
  spool::SpoolSettings spool;
  std::vector<delivery::Destination> destinations;
  /// How long delivery may come no further before the program ends without it; what is left stays
  /// in the spool.
  std::chrono::milliseconds drain{std::chrono::seconds{30}};
  /// Folders in which files of the spool and of outputs are made and written, and those that hold
  /// certificates and keys of outputs.
  std::vector<std::string> written_below{};
  std::vector<std::string> read_below{};
};

/// `spool`, `outputs` and `drain` of the configuration; `overflow` where the file does not say.
/// What is wrong is told to the map's problems, and the routes are then not to be used.
[[nodiscard]] Routes read_routes(config::Map& map, spool::Overflow overflow);

}  // namespace remora::routes
