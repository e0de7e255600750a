#pragma once

#include <optional>
#include <string>

#include "daemon/routes/routes.h"
#include "daemon/spool/overflow.h"

namespace remora::cli {

/// What the configuration file says.
struct Configuration {
  std::string sensor_name{"remora"};
  routes::Routes routes;
};

/// Reads all of it, or tells on standard error all that is wrong with it. `overflow` where the file
/// does not say.
[[nodiscard]] std::optional<Configuration> read_configuration(const std::string& file,
                                                              spool::Overflow overflow);

/// The command `check-config`.
[[nodiscard]] int check_config(const std::string& file);

}  // namespace remora::cli
