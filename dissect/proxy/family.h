#pragma once

#include "dissect/conversation/family.h"

namespace remora::proxy {

inline constexpr Protocol kSocks4{"proxy.socks4"};
inline constexpr Protocol kSocks5{"proxy.socks5"};
inline constexpr Protocol kHttpConnect{"proxy.http_connect"};
inline constexpr Protocol kProxyHeader{"proxy.header"};

/// SOCKS 4 and 4a.
[[nodiscard]] Family socks4_family();
/// SOCKS 5, RFC 1928.
[[nodiscard]] Family socks5_family();
/// HTTP CONNECT, RFC 9110 9.3.6.
[[nodiscard]] Family http_connect_family();
/// The PROXY protocol, versions 1 and 2.
[[nodiscard]] Family proxy_header_family();

}  // namespace remora::proxy
