#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "daemon/config/map.h"
#include "daemon/event_file/event_file.h"

namespace remora::outputs::file {

/// When a file is put aside and a new one begun; 0: never.
struct Rotate {
  std::uint64_t bytes{0};
  std::chrono::milliseconds age{0};  ///< of the file, since it was made
  unsigned keep{10};                 ///< files beside the one that is written; 0: none
};

struct Config {
  std::string path;
  event_file::Format format{event_file::Format::kJsonLines};
  bool sync{true};  ///< wait for the disk with every batch
  Rotate rotate;
};

/// Reads the keys of a file output (docs/file.md). What is wrong is told to the map's problems; the
/// configuration is then not to be used.
[[nodiscard]] Config read_config(config::Map& map);

}  // namespace remora::outputs::file
