#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "daemon/config/map.h"
#include "daemon/delivery/backoff.h"
#include "daemon/delivery/filter.h"

namespace remora::delivery {

/// When a batch is sent: as soon as one of these is reached. An event that is larger than `bytes`
/// makes a batch of its own.
struct BatchLimits {
  std::size_t events{1000};
  std::size_t bytes{std::size_t{1} << 20U};
  std::chrono::milliseconds age{1000};  ///< since the first event of the batch was there
};

/// What all outputs have in common.
struct Route {
  std::string name;
  Filter filter;
  BatchLimits batch;
  RetryPolicy retry;
};

/// `name`, `kinds`, `except`, `batch`, `retry` of an output's configuration. The rest is the
/// output's own, and so is the call of `done`.
[[nodiscard]] Route read_route(config::Map& map);

}  // namespace remora::delivery
