#pragma once

#include <cstdint>
#include <string>

#include "capture/base/cursor.h"

namespace remora::assistance {

/// REMOTEDESKTOP_CTL_PACKETHEADER, [MS-RA] 2.2.1.2: names the channel that a message is for.
struct PacketHeader {
  std::uint32_t data_bytes;  ///< DataLen: behind the name
  std::string channel;       ///< UTF-8
};

/// LIMIT: ChannelName, in bytes; 2.2.1.2.
inline constexpr std::uint32_t kMaxChannelNameBytes = 64;
/// The largest header.
inline constexpr std::uint32_t kMaxPacketHeaderBytes = 8 + kMaxChannelNameBytes;

/// SPEC: the drawings pad the name to 64 bytes; FreeRDP and Windows go by ChannelNameLen.
[[nodiscard]] PacketHeader read_packet_header(Cursor& in);

}  // namespace remora::assistance
