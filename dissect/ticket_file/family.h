#pragma once

#include "dissect/conversation/family.h"

namespace remora::ticket_file {

inline constexpr Protocol kProtocol{"ticket_file"};

/// A connection that carries a ticket and nothing around it.
[[nodiscard]] Family family();

}  // namespace remora::ticket_file
