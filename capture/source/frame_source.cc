#include "capture/source/frame_source.h"

#include <utility>

namespace remora::capture {

std::string SourceError::to_text() const {
  return reason + " at byte " + std::to_string(byte_offset);
}

ReadStatus FrameSource::stop(ReadStatus status, std::uint64_t byte_offset, std::string reason) {
  error_ = {.byte_offset = byte_offset, .reason = std::move(reason)};
  return status;
}

}  // namespace remora::capture
