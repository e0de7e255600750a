#pragma once

#include <string>

#include "daemon/watch/figures.h"

namespace remora::watch {

/// In Prometheus's text format 0.0.4; docs/watching.md has every name. LIMIT: 128 bytes of a
/// label's value; in it what is not printable ASCII is a '?', since one byte that is no UTF-8 would
/// spoil all.
[[nodiscard]] std::string to_prometheus(const Figures& figures);

}  // namespace remora::watch
