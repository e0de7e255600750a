#pragma once

#include <functional>
#include <string>

#include <tl/expected.hpp>

#include "daemon/config/map.h"
#include "daemon/configuration/configuration.h"
#include "daemon/processes/descriptor.h"
#include "daemon/processes/resident_memory.h"

namespace remora::shipper {

/// What the shipper process is begun with.
struct Beginning {
  configuration::Configuration configuration;
  /// The same file again, or all that is wrong with it.
  std::function<tl::expected<configuration::Configuration, config::Problems>()> read_again;
  processes::Descriptor supervisor;
  processes::Descriptor sensor;
  std::string version;
  const processes::ResidentMemory* memory;             ///< of this process; outlives it
  const processes::ResidentMemory* supervisor_memory;  ///< likewise
};

/// The shipper process: takes the sensor's events, spools and delivers them, and answers who asks
/// how the daemon is. Ends when the sensor has, and what is there is delivered or `drain` is over:
/// what is left stays in the spool. Gives the exit code.
[[nodiscard]] int run(Beginning beginning);

}  // namespace remora::shipper
