#pragma once

#include "dissect/conversation/family.h"

namespace remora::tls {

inline constexpr Protocol kProtocol{"tls"};
inline constexpr Protocol kOpened{"tls.opened"};
inline constexpr Protocol kDtls{"dtls"};

/// Transport Layer Security. Reached by hand-over only: TLS in itself is of no interest.
[[nodiscard]] Family family();

/// The same on any stream, for the sake of what it may carry; only where the operator gave keys.
[[nodiscard]] Family opened_family();

/// The same over datagrams; reached as the stream that RDP-UDP carries.
[[nodiscard]] Family dtls_family();

}  // namespace remora::tls
