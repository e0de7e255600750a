#include "capture/net/ipv4.h"

#include <algorithm>

#include "capture/base/fixed_view.h"

namespace remora::capture {
namespace {

constexpr std::size_t kHeaderBytes = 20;
constexpr std::uint16_t kMoreFragments = 0x2000;
constexpr std::uint16_t kOffsetMask = 0x1fff;  // in units of 8 bytes
constexpr std::uint8_t kAuthentication = 51;

/// |  Next Header  |  Payload Len  |  Reserved (2)  |  SPI (4)  |  sequence number (4)  |  value  |
IpResult step_over_authentication(IpHeader ip) {
  for (int met = 0; ip.protocol == kAuthentication; ++met) {
    if (met == kMaxAuthenticationHeaders) { return tl::unexpected{HeaderFault::kBadHeader}; }
    const auto start = FixedView<2>::of(ip.payload);
    if (!start.has_value()) { return tl::unexpected{short_header(ip.payload_wire_bytes, 2)}; }
    const std::uint32_t size = (start->u8<1>() + 2U) * 4;  // RFC 4302 2.2
    if (ip.payload.size() < size) {
      return tl::unexpected{short_header(ip.payload_wire_bytes, size)};
    }
    ip.protocol = start->u8<0>();
    ip.payload = ip.payload.subspan(size);
    ip.payload_wire_bytes -= size;
    ip.authenticated = true;
  }
  return ip;
}

}  // namespace

//   0                   1                   2                   3
//  |Version|  IHL  |Type of Service|          Total Length         |
//  |         Identification        |Flags|      Fragment Offset    |
//  |  Time to Live |    Protocol   |         Header Checksum       |
//  |                       Source Address                          |
//  |                    Destination Address                        |
IpResult read_ipv4(ByteView bytes, std::uint32_t wire_bytes) {
  const auto header = FixedView<kHeaderBytes>::of(bytes);
  if (!header.has_value()) { return tl::unexpected{short_header(wire_bytes, kHeaderBytes)}; }
  const std::uint32_t header_bytes = (header->u8<0>() & 0x0fU) * 4;
  if (header->u8<0>() >> 4U != 4 || header_bytes < kHeaderBytes) {
    return tl::unexpected{HeaderFault::kBadHeader};
  }
  if (bytes.size() < header_bytes) {
    return tl::unexpected{short_header(wire_bytes, header_bytes)};
  }
  std::uint32_t total_bytes = header->u16be<2>();
  if (total_bytes == 0) {
    total_bytes = std::max(wire_bytes, static_cast<std::uint32_t>(bytes.size()));
  }
  if (total_bytes < header_bytes) { return tl::unexpected{HeaderFault::kBadHeader}; }

  const auto datagram = bytes.first(std::min<std::size_t>(bytes.size(), total_bytes));
  IpHeader ip{.source = IpAddress::v4(header->bytes<12, 4>()),
              .destination = IpAddress::v4(header->bytes<16, 4>()),
              .protocol = header->u8<9>(),
              .ttl = header->u8<8>(),
              .payload = datagram.subspan(header_bytes),
              .payload_wire_bytes = total_bytes - header_bytes,
              .claimed_bytes = total_bytes,
              .fragment = std::nullopt,
              .options = datagram.subspan(kHeaderBytes, header_bytes - kHeaderBytes),
              .header = datagram.first(header_bytes)};
  const auto place = header->u16be<6>();
  if ((place & (kMoreFragments | kOffsetMask)) != 0) {
    ip.fragment = FragmentPlace{.identification = header->u16be<4>(),
                                .offset_bytes = (place & kOffsetMask) * 8U,
                                .more = (place & kMoreFragments) != 0};
    return ip;
  }
  if (ip.protocol == kAuthentication) { return step_over_authentication(ip); }
  return ip;
}

IpResult read_ipv4_reassembled(const IpHeader& ip) {
  auto whole = ip;
  whole.fragment.reset();
  return step_over_authentication(whole);
}

}  // namespace remora::capture
