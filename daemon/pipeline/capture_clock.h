#pragma once

#include <cstdint>
#include <optional>

#include "capture/base/time.h"

namespace remora::pipeline {

/// Capture time as far as it is believed: never back, and far ahead only when two frames in a row
/// say so. One frame with a wrong time does not end every session.
class CaptureClock {
 public:
  /// Takes in the time of the next frame. True where another second began: `now` is its moment.
  [[nodiscard]] bool on_frame(Moment at);

  /// Meaningful after the first frame.
  [[nodiscard]] Moment now() const { return now_; }

 private:
  Moment now_{Moment::min()};
  std::optional<std::int64_t> second_;  ///< the last that `on_frame` told
  bool leap_waits_{false};              ///< the frame before was far ahead
};

}  // namespace remora::pipeline
