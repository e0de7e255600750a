#pragma once

#include <functional>
#include <string>

#include <tl/expected.hpp>

#include "daemon/config/map.h"
#include "daemon/configuration/configuration.h"

namespace remora::supervisor {

struct Beginning {
  configuration::Source source;
  /// The same file again, or all that is wrong with it.
  std::function<tl::expected<configuration::Source, config::Problems>()> read_again;
  bool confined{true};      ///< all processes give up every right that they do not need
  bool may_be_root{false};  ///< do not become the configuration's user
};

/// The daemon: starts the sensor and the shipper, and watches over them until it is told to stop
/// (SIGTERM, SIGINT), or until one of them dies. SIGHUP: reads the configuration anew. SIGUSR1:
/// files and connections are opened anew. A second SIGTERM ends all at once. Gives the exit code.
/// Only while there is one thread.
[[nodiscard]] int run(Beginning beginning);

}  // namespace remora::supervisor
