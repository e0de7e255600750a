#pragma once

#include <cstdint>
#include <optional>

#include "capture/base/time.h"

namespace remora::pipeline {

/// Capture time as far as it is believed. One frame, or a few, with a wrong time do not end every
/// session.
///
/// - Ahead by more than an hour: believed when frames in a row say so, which agree to the hour,
///   and are 16 or a minute apart.
/// - Behind by more than an hour: 64 such frames in a row, and time begins anew there. What was
///   open stays open. Files read in the wrong order do this, and a first frame from the future.
/// - Otherwise time that goes back stands still.
class CaptureClock {
 public:
  /// Takes in the time of the next frame. True where another second began: `now` is its moment.
  [[nodiscard]] bool on_frame(Moment at);

  /// Meaningful after the first frame. Before what it was only where time began anew.
  [[nodiscard]] Moment now() const { return now_; }

 private:
  [[nodiscard]] bool is_agreed(Moment at);

  Moment now_{Moment::min()};
  std::optional<std::int64_t> second_;  ///< the last that `on_frame` told
  Moment row_began_{};                  ///< frames in a row that are far from `now_`
  Moment row_last_{};
  std::uint32_t row_{0};
};

}  // namespace remora::pipeline
