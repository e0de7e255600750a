#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"
#include "dissect/conversation/extent.h"

namespace remora::gateway {

/// The header of a WebSocket frame, RFC 6455 5.2. Big-endian.
///
///   FIN 1 bit, RSV 3 bits, opcode 4 bits | MASK 1 bit, length 7 bits [| u16 or u64] [| key 4]
struct FrameHeader {
  bool reserved;  ///< a bit of an extension that nobody announced
  std::uint8_t opcode;
  std::uint64_t length;  ///< of the payload
  bool masked;
  std::array<std::byte, 4> key;  ///< zeros where nothing is masked

  [[nodiscard]] bool is_data() const { return opcode <= 2; }
  /// No extension, an opcode that is assigned, control frames of at most 125 bytes (5.5).
  [[nodiscard]] bool is_plausible() const;
};

/// Where the header at the start of `bytes` ends.
[[nodiscard]] Extent measure_frame_header(ByteView bytes);
[[nodiscard]] FrameHeader read_frame_header(Cursor& in);

}  // namespace remora::gateway
