#include "capture/net/ipv6.h"

#include <algorithm>

#include "capture/base/fixed_view.h"

namespace remora::capture {
namespace {

constexpr std::uint32_t kHeaderBytes = 40;
constexpr std::uint32_t kFragmentHeaderBytes = 8;

/// Next Header values, IANA "IPv6 Extension Header Types".
enum class NextHeader : std::uint8_t {
  kHopByHop = 0,
  kRouting = 43,
  kFragment = 44,
  kAuthentication = 51,
  kDestinationOptions = 60,
  kMobility = 135,
  kHostIdentity = 139,
  kShim6 = 140,
};

/// Bytes of the extension header that begins with `first` and `length`; 0 when `kind` is none.
std::uint32_t extension_bytes(NextHeader kind, std::uint8_t length) {
  switch (kind) {
    case NextHeader::kHopByHop:
    case NextHeader::kRouting:
    case NextHeader::kDestinationOptions:
    case NextHeader::kMobility:
    case NextHeader::kHostIdentity:
    case NextHeader::kShim6:
      return (length + 1U) * 8;
    case NextHeader::kFragment:
      return kFragmentHeaderBytes;
    case NextHeader::kAuthentication:
      return (length + 2U) * 4;  // RFC 4302 2.2
  }
  return 0;
}

/// Steps over `size` bytes of the payload; the caller has seen that they are there.
void step(IpHeader& ip, std::uint32_t size) {
  ip.payload = ip.payload.subspan(size);
  ip.payload_wire_bytes -= size;
}

IpResult walk_extensions(IpHeader ip) {
  for (int met = 0; met <= kMaxExtensionHeaders; ++met) {
    const NextHeader kind{ip.protocol};
    if (extension_bytes(kind, 0) == 0) { return ip; }
    const auto start = FixedView<8>::of(ip.payload);
    if (!start.has_value()) { return tl::unexpected{short_header(ip.payload_wire_bytes, 8)}; }
    const auto size = extension_bytes(kind, start->u8<1>());
    if (ip.payload.size() < size) {
      return tl::unexpected{short_header(ip.payload_wire_bytes, size)};
    }
    ip.protocol = start->u8<0>();
    step(ip, size);
    ip.authenticated = ip.authenticated || kind == NextHeader::kAuthentication;
    if (kind == NextHeader::kFragment) {
      // |  Next Header  |   Reserved    |      Fragment Offset    |Res|M|
      // |                         Identification                        |
      const auto place = start->u16be<2>();
      const FragmentPlace fragment{.identification = start->u32be<4>(),
                                   .offset_bytes = place & 0xfff8U,
                                   .more = (place & 1U) != 0};
      if (fragment.offset_bytes != 0 || fragment.more) {
        ip.fragment = fragment;
        return ip;
      }
    }
  }
  return tl::unexpected{HeaderFault::kBadHeader};
}

}  // namespace

//   0                   1                   2                   3
//  |Version| Traffic Class |           Flow Label                  |
//  |         Payload Length        |  Next Header  |   Hop Limit   |
//  |                    Source Address (16)                        |
//  |                  Destination Address (16)                     |
IpResult read_ipv6(ByteView bytes, std::uint32_t wire_bytes) {
  const auto header = FixedView<kHeaderBytes>::of(bytes);
  if (!header.has_value()) { return tl::unexpected{short_header(wire_bytes, kHeaderBytes)}; }
  if (header->u8<0>() >> 4U != 6) { return tl::unexpected{HeaderFault::kBadHeader}; }
  std::uint32_t payload_bytes = header->u16be<4>();
  if (payload_bytes == 0) {
    payload_bytes = std::max(wire_bytes, static_cast<std::uint32_t>(bytes.size())) - kHeaderBytes;
  }
  const auto payload = bytes.subspan(kHeaderBytes);
  return walk_extensions(
      {.source = IpAddress::v6(header->bytes<8, 16>()),
       .destination = IpAddress::v6(header->bytes<24, 16>()),
       .protocol = header->u8<6>(),
       .ttl = header->u8<7>(),
       .payload = payload.first(std::min<std::size_t>(payload.size(), payload_bytes)),
       .payload_wire_bytes = payload_bytes,
       .claimed_bytes = payload_bytes + std::uint32_t{kHeaderBytes},
       .fragment = std::nullopt});
}

IpResult read_ipv6_reassembled(const IpHeader& ip) {
  auto whole = ip;
  whole.fragment.reset();
  auto upper = walk_extensions(whole);
  if (upper.has_value() && upper->fragment.has_value()) {
    return tl::unexpected{HeaderFault::kBadHeader};
  }
  return upper;
}

}  // namespace remora::capture
