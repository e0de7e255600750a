#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"

namespace remora::rdp_udp {

/// Puts a datagram of [MS-RDPEUDP2] into the order in which it is read (3.1.1.1.5.2): its first and
/// eighth byte change places, and what fills a short one up goes. The first byte of the result is
/// the PacketPrefixByte. Empty for a datagram of less than 8 bytes.
void unveil(ByteView datagram, std::vector<std::byte>& into);

/// A datagram of the data phase of version 3, [MS-RDPEUDP2] 2.2.1, unveiled. Little-endian.
///
///   prefix u8 | flags 12 bits, LogWindowSize 4 bits [| ACK] [| OverheadSize u8] [| DelayAckInfo 3]
///   [| AckOfAcks u16] [| DataSeqNum u16] [| ACKVEC] [| ChannelSeqNum u16, data]
struct DataV2 {
  bool dummy;  ///< Packet_Type_Index 8: its contents mean nothing
  std::optional<std::uint16_t> channel_sequence_number;
  ByteView payload;  ///< borrowed
};

[[nodiscard]] DataV2 read_data_v2(Cursor& in);

}  // namespace remora::rdp_udp
