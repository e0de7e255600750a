#pragma once

#include <cstdint>

#include <tl/expected.hpp>

#include "capture/base/address.h"
#include "capture/net/ip.h"

namespace remora::capture {

/// A UDP header, RFC 768, and what follows it. Borrows.
struct UdpDatagram {
  Port source{};
  Port destination{};
  ByteView bytes;  ///< header and payload, as captured
  ByteView payload;
  std::uint32_t payload_wire_bytes{0};
};

/// `wire_bytes` is the datagram's length by the IP header. UDP's own length bounds the payload
/// where it is smaller; 0 means all (jumbograms and segmentation offload), one beyond `wire_bytes`
/// is ignored, one below 8 is a bad header.
[[nodiscard]] tl::expected<UdpDatagram, HeaderFault> read_udp(ByteView bytes,
                                                              std::uint32_t wire_bytes);

}  // namespace remora::capture
