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

std::uint32_t read_close_channel(Cursor& in) {
  return in.u32le("statusCode");
}

std::string_view status_name(std::uint32_t code) {
  constexpr std::uint32_t kFacilityWin32 = 0x80070000;
  // Many are sent both as HRESULT and as its code alone.
  const auto plain = (code & 0xffff0000U) == kFacilityWin32 ? code & 0xffffU : code;
  switch (plain) {
    case 0x0:
      return "SUCCESS";
    case 0x5:
      return "ACCESS_DENIED";
    case 0x57:
      return "INVALID_PARAMETER";
    case 0xa0:
      return "BAD_ARGUMENTS";
    case 0x3e3:
      return "OPERATION_ABORTED";
    case 0x4ca:
      return "GRACEFUL_DISCONNECT";
    case 0x4d4:
      return "PROXY_CONNECTIONABORTED";
    case 0x4e3:
      return "ONLY_IF_CONNECTED";
    case 0x71a:
      return "RPC_S_CALL_CANCELLED";
    case 0x59d8:
      return "PROXY_INTERNALERROR";
    case 0x59da:
      return "PROXY_RAP_ACCESSDENIED";
    case 0x59db:
      return "PROXY_NAP_ACCESSDENIED";
    case 0x59dd:
      return "PROXY_TS_CONNECTFAILED";
    case 0x59df:
      return "PROXY_ALREADYDISCONNECTED";
    case 0x59e6:
      return "PROXY_MAXCONNECTIONSREACHED";
    case 0x59e8:
      return "PROXY_NOTSUPPORTED";
    case 0x59e9:
      return "PROXY_CAPABILITYMISMATCH";
    case 0x59ed:
      return "PROXY_QUARANTINE_ACCESSDENIED";
    case 0x59ee:
      return "PROXY_NOCERTAVAILABLE";
    case 0x59f6:
      return "PROXY_SESSIONTIMEOUT";
    case 0x59f7:
      return "PROXY_COOKIE_BADPACKET";
    case 0x59f8:
      return "PROXY_COOKIE_AUTHENTICATION_ACCESS_DENIED";
    case 0x59f9:
      return "PROXY_UNSUPPORTED_AUTHENTICATION_METHOD";
    case 0x59fa:
      return "PROXY_REAUTH_AUTHN_FAILED";
    case 0x59fb:
      return "PROXY_REAUTH_CAP_FAILED";
    case 0x59fc:
      return "PROXY_REAUTH_RAP_FAILED";
    case 0x59fd:
      return "PROXY_SDR_NOT_SUPPORTED_BY_TS";
    case 0x5a00:
      return "PROXY_REAUTH_NAP_FAILED";
    case 0x8009030c:
      return "SEC_E_LOGON_DENIED";
    default:
      return {};
  }
}

}  // namespace remora::gateway
