#pragma once

#include "dissect/conversation/family.h"

namespace remora::ticket {

/// No protocol: listens to every stream where the operator wants streams scanned for tickets.
[[nodiscard]] Family scan_family();

}  // namespace remora::ticket
