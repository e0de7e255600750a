#pragma once

#include <optional>
#include <string>

#include "daemon/configuration/configuration.h"
#include "daemon/spool/overflow.h"

namespace remora::cli {

/// Reads the file, or tells on standard error all that is wrong with it.
[[nodiscard]] std::optional<configuration::Configuration> read_configuration(
    const std::string& file, spool::Overflow overflow);

/// The command `check-config`.
[[nodiscard]] int check_config(const std::string& file);

}  // namespace remora::cli
