#pragma once

#include "dissect/conversation/family.h"

namespace remora::dcerpc {

inline constexpr Protocol kProtocol{"dcerpc"};

/// DCE/RPC on TCP: names and accounts of its binding.
[[nodiscard]] Family family();

}  // namespace remora::dcerpc
