#pragma once

#include <cstdint>

#include <tl/expected.hpp>

#include "capture/net/ip.h"
#include "capture/net/packet.h"

namespace remora::capture {

/// A TCP header, RFC 9293 3.1, and what follows it. Borrows.
struct TcpSegment {
  Port source{};
  Port destination{};
  std::uint32_t sequence{0};
  std::uint32_t acknowledgement{0};
  TcpFlags flags;
  std::uint16_t window{0};
  std::uint16_t urgent{0};
  ByteView options;  ///< what was captured of them
  ByteView payload;
  std::uint32_t payload_wire_bytes{0};
};

/// `wire_bytes` is the segment's length by the IP header. Options that the capture cut off are no
/// error: the segment then has no captured payload.
[[nodiscard]] tl::expected<TcpSegment, HeaderFault> read_tcp(ByteView bytes,
                                                             std::uint32_t wire_bytes);

}  // namespace remora::capture
