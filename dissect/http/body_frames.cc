#include "dissect/http/body_frames.h"

#include <algorithm>
#include <utility>

#include "dissect/http/chunks.h"

namespace remora::http {

using http_head::BodyFraming;

BodyFrames::BodyFrames(BodyFraming framing, std::uint64_t content_length) : phase_{Phase::kDone} {
  if (framing == BodyFraming::kLength && content_length > 0) {
    phase_ = Phase::kLength;
    left_ = content_length;
  } else if (framing == BodyFraming::kChunked) {
    phase_ = Phase::kChunkLine;
  } else if (framing == BodyFraming::kUnbounded) {
    phase_ = Phase::kUntilClose;
  }
}

BodyFrames::Step BodyFrames::next(ByteView bytes) {
  switch (phase_) {
    case Phase::kUntilClose:
      return {.used = bytes.size(), .content = bytes};
    case Phase::kLength:
    case Phase::kChunk: {
      const auto here = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
      left_ -= here;
      if (left_ == 0) { content_is_over(); }
      return {.used = here, .content = bytes.first(here)};
    }
    case Phase::kChunkLine:
      return next_chunk_line(bytes);
    case Phase::kChunkEnd:
      return next_chunk_end(bytes);
    case Phase::kTrailer:
      return next_trailer_line(bytes);
    case Phase::kDone:
    case Phase::kBroken:
      break;
  }
  return {};
}

BodyFrames::Step BodyFrames::next_chunk_line(ByteView bytes) {
  const auto line = read_chunk_line(bytes);
  if (line.extent.is_lost()) { phase_ = Phase::kBroken; }
  if (!line.extent.is_whole()) { return {}; }
  left_ = line.size;
  phase_ = line.size == 0 ? Phase::kTrailer : Phase::kChunk;
  return {.used = line.extent.size(), .content = {}};
}

/// CR LF behind a chunk, or LF alone.
BodyFrames::Step BodyFrames::next_chunk_end(ByteView bytes) {
  const auto text = as_text(bytes).substr(0, 2);
  if (text == "\r") { return {}; }
  phase_ = Phase::kChunkLine;
  if (text == "\r\n") { return {.used = 2, .content = {}}; }
  if (text.starts_with('\n')) { return {.used = 1, .content = {}}; }
  phase_ = Phase::kBroken;
  return {};
}

BodyFrames::Step BodyFrames::next_trailer_line(ByteView bytes) {
  const auto line = read_trailer_line(bytes);
  if (line.extent.is_lost() || ++trailer_lines_ > kMaxTrailerLines) { phase_ = Phase::kBroken; }
  if (!line.extent.is_whole()) {
    --trailer_lines_;
    return {};
  }
  if (line.is_last) { phase_ = Phase::kDone; }
  return {.used = line.extent.size(), .content = {}};
}

void BodyFrames::content_is_over() {
  phase_ = phase_ == Phase::kChunk ? Phase::kChunkEnd : Phase::kDone;
}

std::uint64_t BodyFrames::pass_over() {
  if (left_ > 0) { content_is_over(); }
  return std::exchange(left_, 0);
}

bool BodyFrames::on_gap(std::uint64_t size) {
  if (phase_ == Phase::kUntilClose) { return true; }
  if (size > left_) {
    phase_ = Phase::kBroken;
    return false;
  }
  left_ -= size;
  if (left_ == 0) { content_is_over(); }
  return true;
}

}  // namespace remora::http
