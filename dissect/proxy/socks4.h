#pragma once

#include <cstdint>
#include <string>

#include "capture/base/address.h"
#include "capture/base/bytes.h"
#include "capture/base/cursor.h"
#include "dissect/conversation/extent.h"

namespace remora::proxy {

/// A CONNECT request of SOCKS 4 ("SOCKS: A protocol for TCP proxy across firewalls", NEC) or 4a
/// ("SOCKS 4A: A Simple Extension to SOCKS 4 Protocol"). Big-endian.
///
///   VN u8 = 4 | CD u8 = 1 | DSTPORT u16 | DSTIP 4 | USERID, NUL | 4a, DSTIP 0.0.0.x: host name,
///   NUL
struct Socks4Request {
  std::uint16_t port;
  IpAddress address;
  std::string user;       ///< UTF-8
  bool is_4a;             ///< the proxy looks the name up
  std::string host_name;  ///< of 4a; UTF-8
};

[[nodiscard]] Socks4Request read_socks4_request(Cursor& in);

/// Where the request at the start of `bytes` ends. Lost when they cannot start a CONNECT request:
/// the port is 0, the address of no host, the texts not printable.
///
/// LIMIT: 255 bytes a text.
[[nodiscard]] Extent measure_socks4_request(ByteView bytes);

/// VN u8 = 0 | CD u8 | DSTPORT u16 | DSTIP 4
struct Socks4Reply {
  std::uint8_t code{0};  ///< CD
  SocketAddress bound;
};

inline constexpr std::size_t kSocks4ReplyBytes = 8;
inline constexpr std::uint8_t kSocks4Granted = 90;

[[nodiscard]] Socks4Reply read_socks4_reply(Cursor& in);

}  // namespace remora::proxy
