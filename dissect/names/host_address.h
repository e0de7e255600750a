#pragma once

#include "capture/base/address.h"
#include "capture/base/cursor.h"

namespace remora::names {

/// Four or sixteen bytes in network order; 0.0.0.0 once the cursor failed.
[[nodiscard]] IpAddress read_ipv4(Cursor& in, const char* field);
[[nodiscard]] IpAddress read_ipv6(Cursor& in, const char* field);

/// Whether one machine can be meant by it: neither unspecified, loopback, multicast, broadcast nor
/// an IPv4 address in IPv6's clothes (RFC 6890, RFC 4291 2).
[[nodiscard]] bool is_host_address(const IpAddress& address);

/// Whether two IPv6 addresses, one of them link-local (RFC 4291 2.5.6), have the same interface
/// identifier.
[[nodiscard]] bool is_link_local_sibling(const IpAddress& one, const IpAddress& two);

}  // namespace remora::names
