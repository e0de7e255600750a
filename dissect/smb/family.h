#pragma once

#include "dissect/conversation/family.h"

namespace remora::smb {

inline constexpr Protocol kProtocol{"smb"};

/// SMB 1, 2 and 3, on its own or behind the NetBIOS session service: names and accounts of its
/// start.
[[nodiscard]] Family family();

}  // namespace remora::smb
