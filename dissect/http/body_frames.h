#pragma once

#include <cstddef>
#include <cstdint>

#include "capture/base/bytes.h"
#include "dissect/http_head/http_head.h"

namespace remora::http {

/// Takes the framing off the body of one message, RFC 9112 6 and 7: a length, chunks with their
/// extensions and trailers, or the end of the connection.
///
///   length, until close:  content ─► done
///   chunked:  chunk line ─► content ─► line end ─► chunk line … ─► trailer ─► done
///
/// State: a few counters. The same content however the bytes are cut.
class BodyFrames {
 public:
  /// LIMIT: lines of a trailer.
  static constexpr std::uint32_t kMaxTrailerLines = 100;

  BodyFrames(http_head::BodyFraming framing, std::uint64_t content_length);

  struct Step {
    std::size_t used{0};  ///< 0: more bytes are needed
    ByteView content;     ///< borrowed from the bytes given
  };
  /// Reads one element, or as much of one piece of content as there is. Not when done or broken.
  [[nodiscard]] Step next(ByteView bytes);

  /// Content that follows at once, which the caller will pass over unread: all there is of the
  /// length or of this chunk. Not for a body that ends with the connection.
  [[nodiscard]] std::uint64_t pass_over();
  /// `size` bytes are missing. False where they were not content alone: the next message cannot be
  /// found.
  [[nodiscard]] bool on_gap(std::uint64_t size);

  [[nodiscard]] bool done() const { return phase_ == Phase::kDone; }
  [[nodiscard]] bool broken() const { return phase_ == Phase::kBroken; }
  [[nodiscard]] bool until_close() const { return phase_ == Phase::kUntilClose; }
  /// In a length or a chunk, with content to come.
  [[nodiscard]] bool in_content() const { return left_ > 0; }

 private:
  enum class Phase : std::uint8_t {
    kLength,
    kUntilClose,
    kChunkLine,
    kChunk,
    kChunkEnd,
    kTrailer,
    kDone,
    kBroken,
  };

  [[nodiscard]] Step next_chunk_line(ByteView bytes);
  [[nodiscard]] Step next_chunk_end(ByteView bytes);
  [[nodiscard]] Step next_trailer_line(ByteView bytes);
  void content_is_over();

  Phase phase_;
  std::uint64_t left_{0};  ///< of the length or the chunk
  std::uint32_t trailer_lines_{0};
};

}  // namespace remora::http
