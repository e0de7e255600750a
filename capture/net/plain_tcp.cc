#include "capture/net/plain_tcp.h"

#include <algorithm>

#include "capture/base/fixed_view.h"

namespace remora::capture {
namespace {

// IEEE 802.3, RFC 791 3.1, RFC 9293 3.1; the numbers below are offsets in the frame.
constexpr std::size_t kIpAt = 14;
constexpr std::size_t kTcpAt = kIpAt + 20;
constexpr std::size_t kHeaderBytes = kTcpAt + 20;
constexpr std::uint16_t kEtherTypeIpv4 = 0x0800;
constexpr std::uint8_t kVersion4WithoutOptions = 0x45;
constexpr std::uint16_t kFragmentBits = 0x3fff;
constexpr std::uint8_t kTcp = 6;
constexpr std::uint8_t kUdp = 17;

// RFC 768, RFC 7348 5.
constexpr std::size_t kUdpAt = kTcpAt;
constexpr std::size_t kInnerAt = kUdpAt + 8 + 8;
constexpr std::uint16_t kVxlanPort = 4789;
constexpr std::uint32_t kOnlyNetworkIsValid = 0x08;

using Headers = FixedView<kHeaderBytes>;

bool is_plain(const Headers& headers, std::uint8_t protocol) {
  return headers.u16be<12>() == kEtherTypeIpv4 && headers.u8<14>() == kVersion4WithoutOptions &&
         (headers.u16be<20>() & kFragmentBits) == 0 && headers.u8<23>() == protocol;
}

MacAddress mac(std::span<const std::byte, 6> bytes) {
  MacAddress address;
  std::ranges::copy(bytes, address.bytes.begin());
  return address;
}

/// The frame inside a VXLAN datagram that fills its IPv4 datagram; empty where it is none.
ByteView vxlan_content(const Headers& headers, ByteView frame) {
  const std::size_t total_bytes = headers.u16be<16>();
  const bool is_vxlan = is_plain(headers, kUdp) && headers.u16be<36>() == kVxlanPort &&
                        headers.u8<42>() == kOnlyNetworkIsValid;
  if (!is_vxlan || total_bytes < kInnerAt - kIpAt || frame.size() < kIpAt + total_bytes ||
      headers.u16be<38>() != total_bytes - 20) {
    return {};
  }
  return frame.subspan(kInnerAt, kIpAt + total_bytes - kInnerAt);
}

/// Writes all but what is of the whole frame.
bool read_ethernet_tcp(ByteView frame, Packet& out) {
  const auto headers = Headers::of(frame);
  if (!headers.has_value() || !is_plain(*headers, kTcp)) { return false; }
  const std::size_t total_bytes = headers->u16be<16>();
  const auto tcp_bytes = static_cast<std::size_t>(headers->u8<46>() >> 4U) * 4U;
  if (tcp_bytes < 20 || total_bytes < 20 + tcp_bytes || frame.size() < kIpAt + total_bytes) {
    return false;
  }
  out.source.assign_v4(headers->bytes<26, 4>());
  out.destination.assign_v4(headers->bytes<30, 4>());
  out.transport = Transport::kTcp;
  out.source_port = Port{headers->u16be<34>()};
  out.destination_port = Port{headers->u16be<36>()};
  out.ttl = headers->u8<22>();
  out.sequence = headers->u32be<38>();
  out.acknowledgement = headers->u32be<42>();
  out.flags = TcpFlags{headers->u8<47>()};
  out.window = headers->u16be<48>();
  out.urgent = headers->u16be<52>();
  out.segment = frame.subspan(kTcpAt, total_bytes - 20);
  out.tcp_options = out.segment.subspan(20, tcp_bytes - 20);
  out.payload = out.segment.subspan(tcp_bytes);
  out.payload_wire_bytes = static_cast<std::uint32_t>(out.payload.size());
  out.source_mac = mac(headers->bytes<6, 6>());
  out.destination_mac = mac(headers->bytes<0, 6>());
  out.vlans = {};
  out.ip_header = frame.subspan(kIpAt, kTcpAt - kIpAt);
  out.ip_options = {};
  out.fragmented = false;
  out.fragment_conflict = false;
  return true;
}

}  // namespace

bool read_plain_tcp(const Frame& frame, Packet& out) {
  if (frame.link != LinkType::kEthernet) { return false; }
  const auto headers = Headers::of(frame.bytes);
  if (!headers.has_value()) { return false; }
  const auto content = vxlan_content(*headers, frame.bytes);
  if (!read_ethernet_tcp(content.empty() ? frame.bytes : content, out)) { return false; }
  out.at = frame.at;
  out.wire_bytes = std::max(frame.wire_bytes, static_cast<std::uint32_t>(frame.bytes.size()));
  out.tunnels.clear();
  if (!content.empty()) {
    out.tunnels.add({.kind = TunnelKind::kVxlan,
                     .source = IpAddress::v4(headers->bytes<26, 4>()),
                     .destination = IpAddress::v4(headers->bytes<30, 4>()),
                     .id = headers->u32be<46>() >> 8U});
  }
  return true;
}

}  // namespace remora::capture
