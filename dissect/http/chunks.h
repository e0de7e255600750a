#pragma once

#include <cstddef>
#include <cstdint>

#include "capture/base/bytes.h"
#include "dissect/conversation/extent.h"

namespace remora::http {

/// LIMIT: of the line before a chunk with its extensions, and of one line of the trailer.
inline constexpr std::size_t kMaxChunkLineBytes = 4096;

/// chunk-size of a line "1a3; name=value", RFC 9112 7.1. Lenient: LF alone ends it, white space may
/// stand around the number.
struct ChunkLine {
  Extent extent;
  std::uint64_t size{0};  ///< when the extent is whole
};
[[nodiscard]] ChunkLine read_chunk_line(ByteView bytes);

/// One line of the trailer section, RFC 9112 7.1.2; `is_last` for the empty one.
struct TrailerLine {
  Extent extent;
  bool is_last{false};
};
[[nodiscard]] TrailerLine read_trailer_line(ByteView bytes);

}  // namespace remora::http
