#pragma once

#include <cstdint>
#include <optional>

#include "capture/base/bytes.h"

namespace remora::capture {

/// RFC 7323 3.2, in the sender's own ticks.
struct TcpTimestamps {
  std::uint32_t value{0};
  std::uint32_t echo{0};  ///< meaningful with ACK
  bool operator==(const TcpTimestamps&) const = default;
};

/// The options of a TCP segment that Remora looks at. Empty is what the segment does not bear.
struct TcpOptions {
  std::optional<TcpTimestamps> timestamps;
  std::optional<std::uint8_t> window_shift;            ///< RFC 7323 2.2, in a SYN
  std::optional<std::uint16_t> maximum_segment_bytes;  ///< RFC 9293 3.7.1, in a SYN
};

/// Reads Packet::tcp_options. An option that is damaged or cut ends it; what came before stays.
[[nodiscard]] TcpOptions read_tcp_options(ByteView options);

}  // namespace remora::capture
