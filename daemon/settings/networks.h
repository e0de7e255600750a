#pragma once

#include <vector>

#include "daemon/config/map.h"
#include "daemon/settings/network.h"

namespace remora::settings {

/// The section `networks`: whose sessions and offers are told. LIMIT: 1,000 in each list.
struct Networks {
  std::vector<Network> of_interest;  ///< either end is in one of them; none: all are told
  std::vector<Network> exclude;      ///< neither end is in one of them
  bool operator==(const Networks&) const = default;
};

[[nodiscard]] Networks read_networks(config::Map map);

}  // namespace remora::settings
