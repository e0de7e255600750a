#pragma once

#include "dissect/conversation/family.h"

namespace remora::tls {

inline constexpr Protocol kProtocol{"tls"};
inline constexpr Protocol kOpened{"tls.opened"};
inline constexpr Protocol kOfMultitransport{"tls.multitransport"};
inline constexpr Protocol kDtls{"dtls"};

/// Transport Layer Security. Reached by hand-over only: TLS in itself is of no interest.
[[nodiscard]] Family family();

/// The same on any stream, for the sake of what it may carry; only where the operator gave keys.
[[nodiscard]] Family opened_family();

/// The same around a multitransport connection: what RDP-UDP carries where it is reliable.
[[nodiscard]] Family multitransport_family();

/// The same over datagrams, around a multitransport connection: what RDP-UDP carries where it may
/// lose.
[[nodiscard]] Family dtls_family();

}  // namespace remora::tls
