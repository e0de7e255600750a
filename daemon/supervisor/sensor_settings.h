#pragma once

#include <string>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "daemon/configuration/configuration.h"
#include "daemon/log/line.h"
#include "daemon/secrets/key_log_watch.h"
#include "daemon/secrets/secret_file.h"
#include "remora/internal/v1/processes.pb.h"

namespace remora::supervisor {

/// The files of keys that the configuration names, open.
struct OpenKeys {
  internal::v1::KeyFiles told;
  std::vector<secrets::SecretFile> files;  ///< in the order of `told`
  [[nodiscard]] std::vector<int> descriptors() const;
  /// The key logs among them, which others may take the place of.
  [[nodiscard]] secrets::KeyLogWatch watch() const;
};

/// Fails at the first that cannot be opened, with which and why.
[[nodiscard]] tl::expected<OpenKeys, std::string> open_keys(const settings::KeyPaths& paths);

[[nodiscard]] internal::v1::LogSettings log_settings(const log::Settings& settings,
                                                     log::Reader reader);

/// What the sensor is told of the configuration; all but the keys.
[[nodiscard]] internal::v1::SensorSettings sensor_settings(
    const configuration::Configuration& configuration, log::Reader reader);

/// Of these what the sensor can take over while it runs; all but the keys.
[[nodiscard]] internal::v1::Changes changes(const configuration::Configuration& configuration,
                                            log::Reader reader);

}  // namespace remora::supervisor
