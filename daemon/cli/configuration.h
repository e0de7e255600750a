#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "daemon/config/map.h"
#include "daemon/routes/routes.h"
#include "daemon/settings/analysis.h"
#include "daemon/settings/capture.h"
#include "daemon/settings/hosts.h"
#include "daemon/settings/key_paths.h"
#include "daemon/settings/networks.h"
#include "daemon/settings/privacy.h"
#include "daemon/spool/overflow.h"

namespace remora::cli {

/// What the configuration file says, a member for each section. One file serves the daemon and
/// `replay`, which has no use for some of them.
struct Configuration {
  std::string sensor_name{"remora"};
  std::string user{"remora"};  ///< account that the daemon runs as
  settings::Capture capture;
  settings::Analysis analysis;
  settings::KeyPaths keys;
  settings::Networks networks;
  settings::Hosts hosts;
  settings::Privacy privacy;
  std::chrono::milliseconds health_interval{std::chrono::minutes{1}};
  routes::Routes routes;  ///< `spool`, `outputs`, `drain`
};

/// Reads all sections. `overflow` where the file does not say. Of use only if the map's problems
/// are none.
[[nodiscard]] Configuration read_configuration(config::Map& map, spool::Overflow overflow);

/// The same of a file, or tells on standard error all that is wrong with it.
[[nodiscard]] std::optional<Configuration> read_configuration(const std::string& file,
                                                              spool::Overflow overflow);

/// The command `check-config`.
[[nodiscard]] int check_config(const std::string& file);

}  // namespace remora::cli
