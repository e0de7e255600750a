#pragma once

#include <cstdint>
#include <optional>

#include <tl/expected.hpp>

#include "capture/base/address.h"
#include "capture/base/bytes.h"

namespace remora::capture {

/// Why a header cannot be read. Without a text: this happens per packet.
enum class HeaderFault : std::uint8_t {
  kTruncated,  ///< the capture cut it short
  kBadHeader,  ///< it contradicts itself, or was sent short
};

/// The fault of a header of which fewer than `needed` bytes were captured.
[[nodiscard]] constexpr HeaderFault short_header(std::uint64_t wire_bytes, std::uint64_t needed) {
  return wire_bytes < needed ? HeaderFault::kBadHeader : HeaderFault::kTruncated;
}

/// Where a fragment lies in its datagram.
struct FragmentPlace {
  std::uint32_t identification{0};  ///< 16 bits in IPv4
  std::uint32_t offset_bytes{0};    ///< a multiple of 8, below 65536
  bool more{false};                 ///< not the last one
};

/// What both versions of IP say of a datagram. Borrows from the frame.
struct IpHeader {
  IpAddress source;
  IpAddress destination;
  std::uint8_t protocol{0};               ///< of the payload; behind all extension headers in IPv6
  std::uint8_t ttl{0};                    ///< hop limit in IPv6
  ByteView payload;                       ///< what was captured of it, without padding of the link
  std::uint32_t payload_wire_bytes{0};    ///< by the length field; at least payload.size()
  std::uint32_t claimed_bytes{0};         ///< of the whole datagram, by the length field
  std::optional<FragmentPlace> fragment;  ///< empty for a whole datagram
  ByteView options{};                     ///< IPv4
  ByteView header{};                      ///< IPv4, of a datagram that came whole
  bool authenticated{false};              ///< an Authentication Header (RFC 4302) was stepped over
};

using IpResult = tl::expected<IpHeader, HeaderFault>;

}  // namespace remora::capture
