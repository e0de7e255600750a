#include "dissect/assistance/channel_header.h"

#include "dissect/encoding/utf16.h"

namespace remora::assistance {

PacketHeader read_packet_header(Cursor& in) {
  const auto name_bytes = in.u32le("ChannelNameLen");
  if (name_bytes < 4 || name_bytes > kMaxChannelNameBytes || name_bytes % 2 != 0) {
    in.fail("ChannelNameLen", "no length of a channel name");
  }
  const auto data_bytes = in.u32le("DataLen");
  return {.data_bytes = data_bytes,
          .channel = encoding::utf16le_to_utf8(in.bytes(name_bytes, "ChannelName"))};
}

}  // namespace remora::assistance
