#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "capture/base/address.h"
#include "capture/base/bytes.h"
#include "capture/base/cursor.h"
#include "dissect/conversation/extent.h"

namespace remora::proxy {

// RFC 1928 3: METHOD.
inline constexpr std::uint8_t kGssApi = 1;
inline constexpr std::uint8_t kUserAndPassword = 2;
inline constexpr std::uint8_t kNoAcceptableMethod = 0xff;

/// Where the client's first message ends, RFC 1928 3: VER u8 = 5 | NMETHODS u8 | METHODS. Lost when
/// the bytes cannot start one: no method, one twice, none that anybody uses.
///
/// LIMIT: 16 methods; six are assigned.
[[nodiscard]] Extent measure_socks5_greeting(ByteView bytes);

/// RFC 1929 2: VER u8 = 1 | ULEN u8 | UNAME | PLEN u8 | PASSWD. The password is passed over.
[[nodiscard]] Extent measure_socks5_login(ByteView bytes);
/// The user's name, UTF-8.
[[nodiscard]] std::string read_socks5_login(Cursor& in);

/// A request or a reply, RFC 1928 4 and 6: they have the same shape. Big-endian.
///
///   VER u8 = 5 | CMD or REP u8 | RSV u8 = 0 | ATYP u8 | address | port u16
struct Socks5Message {
  std::uint8_t code;                 ///< CMD or REP
  std::optional<IpAddress> address;  ///< ATYP 1 and 4
  std::string name;                  ///< ATYP 3; as sent
  std::uint16_t port;
};

inline constexpr std::uint8_t kSocks5Connect = 1;
inline constexpr std::uint8_t kSocks5Succeeded = 0;

/// Lost when the version, the reserved byte or the address type is none.
[[nodiscard]] Extent measure_socks5_message(ByteView bytes);
[[nodiscard]] Socks5Message read_socks5_message(Cursor& in);

}  // namespace remora::proxy
