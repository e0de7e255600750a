#pragma once

#include "dissect/conversation/family.h"

namespace remora::tls {

inline constexpr Protocol kProtocol{"tls"};

/// Transport Layer Security. Reached by hand-over only: TLS in itself is of no interest.
[[nodiscard]] Family family();

}  // namespace remora::tls
