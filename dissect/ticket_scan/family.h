#pragma once

#include "dissect/conversation/family.h"

namespace remora::ticket_scan {

/// No protocol: listens to every stream where the operator wants streams scanned for tickets.
[[nodiscard]] Family family();

}  // namespace remora::ticket_scan
