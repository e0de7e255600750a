#pragma once

#include <chrono>
#include <cstdint>

#include "capture/base/frame.h"
#include "daemon/cli/replay.h"

namespace remora::cli {

/// A line on standard error that says how far a replay has come, renewed twice a second.
class Progress {
 public:
  explicit Progress(ProgressMode mode);
  void on_frame(const Frame& frame) {
    if (!shown_) { return; }
    ++frames_;
    bytes_ += frame.wire_bytes;
    if (frames_ % 4096 == 0) { renew(); }
  }
  /// Wipes the line.
  void finish() const;

 private:
  void renew();
  bool shown_;
  bool written_{false};
  std::uint64_t frames_{0};
  std::uint64_t bytes_{0};
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point last_;
};

}  // namespace remora::cli
