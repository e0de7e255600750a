#include "dissect/multitransport/tunnel_pdu.h"

namespace remora::multitransport {
namespace {

constexpr std::size_t kHeaderBytes = 4;
constexpr std::size_t kCookieBytes = 16;
constexpr std::size_t kSubHeaderBytes = 2;

}  // namespace

Extent measure_tunnel_pdu(ByteView bytes) {
  if (bytes.empty()) { return Extent::more(); }
  if ((to_u8(bytes[0]) & 0x0fU) > static_cast<std::uint8_t>(Action::kData)) {
    return Extent::lost("no action of a tunnel");
  }
  if (bytes.size() < kHeaderBytes) { return Extent::more(); }
  const std::size_t header = to_u8(bytes[3]);
  if (header < kHeaderBytes) { return Extent::lost("HeaderLength smaller than the header"); }
  const auto size = header + (std::size_t{to_u8(bytes[2])} << 8U | std::size_t{to_u8(bytes[1])});
  return bytes.size() < size ? Extent::more(size) : Extent::whole(size);
}

TunnelPdu read_tunnel_pdu(Cursor& in) {
  const auto first = in.u8("Action, Flags");
  const std::size_t payload = in.u16le("PayloadLength");
  const std::size_t header = in.u8("HeaderLength");
  if (header < kHeaderBytes) { in.fail("HeaderLength", "smaller than the header"); }
  const auto sub_headers = in.bytes(in.ok() ? header - kHeaderBytes : 0, "SubHeaders");
  return {.action = Action{static_cast<std::uint8_t>(first & 0x0fU)},
          .flags = static_cast<std::uint8_t>(first >> 4U),
          .sub_headers = sub_headers,
          .payload = in.bytes(payload, "payload")};
}

bool are_tunnel_pdus(ByteView bytes) {
  while (!bytes.empty()) {
    const auto pdu = measure_tunnel_pdu(bytes);
    if (!pdu.is_whole() || to_u8(bytes[0]) >> 4U != 0) { return false; }
    bytes = bytes.subspan(pdu.size());
  }
  return true;
}

std::size_t read_sub_headers(Cursor& in) {
  std::size_t count = 0;
  for (; in.ok() && !in.at_end(); ++count) {
    const std::size_t length = in.u8("SubHeaderLength");
    in.skip(1, "SubHeaderType");
    if (length < kSubHeaderBytes) {
      in.fail("SubHeaderLength", "smaller than a subheader");
    } else {
      in.skip(length - kSubHeaderBytes, "SubHeaderData");
    }
  }
  return count;
}

CreateRequest read_create_request(Cursor& in) {
  const auto request_id = in.u32le("RequestID");
  in.skip(4, "Reserved");
  return {.request_id = request_id, .security_cookie = in.bytes(kCookieBytes, "SecurityCookie")};
}

std::uint32_t read_create_response(Cursor& in) {
  return in.u32le("HrResponse");
}

}  // namespace remora::multitransport
