#include "capture/link/ppp.h"

#include <algorithm>

#include "capture/base/fixed_view.h"
#include "capture/link/ethernet.h"

namespace remora::capture {
namespace {

constexpr std::uint16_t kHdlcFraming = 0xff03;
constexpr std::uint16_t kCiscoUnicast = 0x0f00;
constexpr std::uint16_t kCiscoMulticast = 0x8f00;

/// PPP protocol numbers (IANA).
NetworkProtocol to_network(std::uint16_t protocol) {
  switch (protocol) {
    case 0x0021:
      return NetworkProtocol::kIpv4;
    case 0x0057:
      return NetworkProtocol::kIpv6;
    case 0x0281:
      return NetworkProtocol::kMplsUnicast;
    case 0x0283:
      return NetworkProtocol::kMplsMulticast;
    default:
      return NetworkProtocol::kNone;
  }
}

std::optional<LinkResult> read_protocol(LinkResult result) {
  if (result.payload.empty()) { return std::nullopt; }
  // All protocol numbers end in a byte that is odd; a first byte that is odd stands alone.
  const auto first = to_u8(result.payload[0]);
  if ((first & 1U) != 0) {
    result.protocol = to_network(first);
    result.payload = result.payload.subspan(1);
    return result;
  }
  const auto field = FixedView<2>::of(result.payload);
  if (!field.has_value()) { return std::nullopt; }
  result.protocol = to_network(field->u16be<0>());
  result.payload = result.payload.subspan(2);
  return result;
}

}  // namespace

std::optional<LinkResult> read_ppp(ByteView frame) {
  const auto start = FixedView<2>::of(frame);
  if (!start.has_value()) { return std::nullopt; }
  switch (start->u16be<0>()) {
    case kHdlcFraming:
      return read_protocol({.payload = frame.subspan(2)});
    case kCiscoUnicast:
    case kCiscoMulticast: {
      const auto header = FixedView<4>::of(frame);
      if (!header.has_value()) { return std::nullopt; }
      return read_after_ethertype(header->u16be<2>(), {.payload = frame.subspan(4)});
    }
    default:
      return read_protocol({.payload = frame});
  }
}

std::optional<LinkResult> read_ppp_in(LinkResult result) {
  const auto start = FixedView<2>::of(result.payload);
  if (!start.has_value()) { return std::nullopt; }
  if (start->u16be<0>() == kHdlcFraming) { result.payload = result.payload.subspan(2); }
  return read_protocol(result);
}

// |  version, type (11)  |  code  |  session (2)  |  length (2)  |
std::optional<LinkResult> read_pppoe(LinkResult result) {
  constexpr std::size_t kHeaderBytes = 6;
  constexpr std::uint16_t kVersionAndSessionData = 0x1100;
  const auto header = FixedView<kHeaderBytes>::of(result.payload);
  if (!header.has_value()) { return std::nullopt; }
  result.circuit = header->u16be<2>();
  const auto body = result.payload.subspan(kHeaderBytes);
  result.payload = body.first(std::min<std::size_t>(body.size(), header->u16be<4>()));
  if (header->u16be<0>() != kVersionAndSessionData) {
    result.protocol = NetworkProtocol::kNone;
    return result;
  }
  return read_protocol(result);
}

}  // namespace remora::capture
