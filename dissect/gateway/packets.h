#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"

namespace remora::gateway {

/// HTTP_PACKET_TYPE, [MS-TSGU] 2.2.5.3.3: those that are read. Any value may occur.
enum class PacketType : std::uint16_t {
  kHandshakeRequest = 0x1,
  kTunnelAuth = 0x6,
  kChannelCreate = 0x8,
  kData = 0xa,
  kKeepAlive = 0xd,
  kCloseChannel = 0x10,
  kCloseChannelResponse = 0x11,
};

inline constexpr std::size_t kPacketHeaderBytes = 8;
inline constexpr std::size_t kDataHeaderBytes = 10;

/// HTTP_PACKET_HEADER, 2.2.10.9. Little-endian.
struct PacketHeader {
  PacketType type;
  std::uint32_t length;  ///< of the whole packet

  /// A type that is assigned, and a length that covers the header.
  [[nodiscard]] bool is_plausible() const;
};

[[nodiscard]] PacketHeader read_packet_header(Cursor& in);

/// HTTP_TUNNEL_AUTH_PACKET, 2.2.10.14, behind its header: the name of the client's machine, UTF-8.
[[nodiscard]] std::string read_tunnel_auth(Cursor& in);

/// HTTP_CHANNEL_PACKET, 2.2.10.2 and 2.2.10.3, behind its header.
struct ChannelCreate {
  std::uint16_t port;
  std::string target;  ///< the first resource name, UTF-8
};

[[nodiscard]] ChannelCreate read_channel_create(Cursor& in);

/// HTTP_CLOSE_PACKET, 2.2.10.23, behind its header: its status code.
[[nodiscard]] std::uint32_t read_close_channel(Cursor& in);

/// What 2.2.6.1 calls a status code; empty where it does not.
[[nodiscard]] std::string_view status_name(std::uint32_t code);

}  // namespace remora::gateway
