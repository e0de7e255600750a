#pragma once

#include "dissect/conversation/family.h"

namespace remora::tls {

inline constexpr Protocol kProtocol{"tls"};
inline constexpr Protocol kDtls{"dtls"};

/// Transport Layer Security. Reached by hand-over only: TLS in itself is of no interest.
[[nodiscard]] Family family();

/// The same over datagrams; reached as the stream that RDP-UDP carries.
[[nodiscard]] Family dtls_family();

}  // namespace remora::tls
