#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "daemon/config/map.h"
#include "daemon/log/log.h"
#include "daemon/publish/publisher.h"
#include "daemon/routes/routes.h"
#include "daemon/settings/analysis.h"
#include "daemon/settings/capture.h"
#include "daemon/settings/hosts.h"
#include "daemon/settings/key_paths.h"
#include "daemon/settings/networks.h"
#include "daemon/settings/privacy.h"
#include "daemon/spool/overflow.h"
#include "daemon/watch/config.h"

namespace remora::configuration {

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
  watch::Config admin;
  log::Settings log;
  routes::Routes routes;  ///< `spool`, `outputs`, `drain`

  /// What is to be told of events; fails where the key for hiding names cannot be read.
  [[nodiscard]] tl::expected<publish::Wishes, std::string> wishes() const;
  /// Folders of the files that the sections for events name, outputs' among them.
  [[nodiscard]] std::vector<std::string> event_files_below() const;
  /// Folders of the files that hold keys for what is captured.
  [[nodiscard]] std::vector<std::string> key_files_below() const;
};

/// Reads all sections; `overflow` where the file does not say. Of use only if the map's problems
/// are none.
[[nodiscard]] Configuration read(config::Map& map, spool::Overflow overflow);

/// A configuration and the text that it was read from, which says the same to another process.
struct Source {
  std::string name;  ///< of the file
  std::string text;
  Configuration configuration;
};

/// Of a text, with the name of its file for messages; or all that is wrong with it.
[[nodiscard]] tl::expected<Configuration, config::Problems> read_text(const std::string& text,
                                                                      const std::string& name,
                                                                      spool::Overflow overflow);
/// Of a file.
[[nodiscard]] tl::expected<Source, config::Problems> read_file(const std::string& name,
                                                               spool::Overflow overflow);

}  // namespace remora::configuration
