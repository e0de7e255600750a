#include "dissect/gateway/packets.h"

#include "dissect/encoding/utf16.h"

namespace remora::gateway {

bool PacketHeader::is_plausible() const {
  const bool assigned = (type >= PacketType::kHandshakeRequest && type <= PacketType::kKeepAlive) ||
                        type == PacketType::kCloseChannel ||
                        type == PacketType::kCloseChannelResponse;
  return assigned && length >= (type == PacketType::kData ? kDataHeaderBytes : kPacketHeaderBytes);
}

PacketHeader read_packet_header(Cursor& in) {
  const PacketType type{in.u16le("packetType")};
  in.skip(2, "reserved");
  return {.type = type, .length = in.u32le("packetLength")};
}

std::string read_tunnel_auth(Cursor& in) {
  in.skip(2, "fieldsPresent");
  return encoding::utf16le_to_utf8(in.bytes(in.u16le("cbClientName"), "clientName"));
}

ChannelCreate read_channel_create(Cursor& in) {
  const auto names = in.u8("numResources");
  in.skip(1, "numAltResources");
  const auto port = in.u16le("port");
  in.skip(2, "protocol");
  if (names == 0) { in.fail("numResources", "no resource"); }
  return {.port = port,
          .target = encoding::utf16le_to_utf8(in.bytes(in.u16le("cbLen"), "pResource"))};
}

}  // namespace remora::gateway
