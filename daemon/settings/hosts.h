#pragma once

#include <map>
#include <string>

#include "capture/base/address.h"
#include "daemon/config/map.h"

namespace remora::settings {

/// Names that the operator gives to addresses. LIMIT: 10,000 of 255 characters.
using Hosts = std::map<IpAddress, std::string>;

/// The section `hosts` of the outermost mapping `map`: addresses and their names, or a list of
/// mappings with `address` and `name`.
[[nodiscard]] Hosts read_hosts(config::Map& map);

}  // namespace remora::settings
