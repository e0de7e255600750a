#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "capture/base/frame.h"
#include "capture/source/frame_source.h"
#include "capture/source/open_capture.h"
#include "remora/v1/event.pb.h"

namespace remora::testing {

/// A frame that keeps its bytes, in a piece of memory of exact size: the sanitizer sees a read past
/// its end.
struct OwnedFrame {
  Frame frame;  ///< but its bytes
  std::vector<std::byte> bytes;

  [[nodiscard]] Frame view() const {
    auto seen = frame;
    seen.bytes = bytes;
    seen.memory = nullptr;
    return seen;
  }
};

/// What a capture file gave.
struct LoadedCapture {
  std::optional<capture::OpenError> refused;
  std::vector<OwnedFrame> frames;
  capture::ReadStatus end{};  ///< meaningful unless `refused`
  capture::SourceError error;
};
[[nodiscard]] LoadedCapture load_capture(const std::string& path);

/// Every file under pcaps/ that is, or claims to be, a capture; sorted.
[[nodiscard]] std::vector<std::string> bundled_captures();
/// The path of one of them: "rdp/standard-low.pcap".
[[nodiscard]] std::string bundled_capture(const std::string& name);
/// Path of one of them: "rdp/standard-low.pcap".
[[nodiscard]] std::string bundled(const std::string& name);
[[nodiscard]] std::vector<std::byte> file_bytes(const std::string& path);

/// An event, and after how many frames it was told.
struct ToldEvent {
  std::size_t frames{0};
  v1::Event event;
  std::string bytes;  ///< `event` serialised, in a fixed order
};

/// The events that follow from frames, in the order in which the engine told them.
struct Replayed {
  std::vector<ToldEvent> at_frames;  ///< while frames came
  std::vector<ToldEvent> at_end;     ///< because the capture ended; `frames` is the number of all
};
[[nodiscard]] Replayed replay(std::span<const OwnedFrame> frames);

/// What is wrong with the story that the events tell, empty when nothing is: every session is
/// opened first and closed last, each once; every event has evidence, and can be written as JSON
/// and read back.
[[nodiscard]] std::string find_fault(const Replayed& replayed);

}  // namespace remora::testing
