#pragma once

#include "dissect/conversation/family.h"

namespace remora::ftp {

inline constexpr Protocol kProtocol{"ftp"};

/// The control connection of FTP: files that come and go, and what becomes of them.
[[nodiscard]] Family family();

}  // namespace remora::ftp
