#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "capture/base/frame.h"
#include "capture/live/frame_queue.h"

namespace remora::capture {

struct MergeSettings {
  /// How long a frame waits for earlier ones of other interfaces; at least twice their timeout.
  std::chrono::milliseconds hold{250};
  /// LIMIT: of all that waits; beyond it the earliest frames go out as if they had waited.
  std::size_t limit_bytes{std::size_t{64} << 20U};
};

/// Puts the frames of several interfaces in order of time: the two directions of a link often come
/// on two ports of a tap, in blocks that are late by up to the capture's timeout.
///
/// Each interface keeps its own order, clock steps included. A frame goes out when every other open
/// interface has shown one at least as late; equal times go in order of the interfaces. What waited
/// for `hold` goes out with all that is earlier. Same calls, same order.
class FrameMerger {
 public:
  /// `frame.bytes` are borrowed for the call.
  using Take = std::function<void(std::size_t interface, const Frame& frame)>;

  FrameMerger(std::size_t interfaces, const MergeSettings& settings, Take take);

  /// Whether others wait for frames of this interface; at first none is waited for. Frames that it
  /// has given stay in the order.
  void set_open(std::size_t interface, bool open);

  /// Takes a frame, and hands on what can go now; without a copy where nothing has to wait.
  void push(std::size_t interface, const Frame& frame, LoopTime now);
  /// Hands on what has waited long enough.
  void release(LoopTime now);
  /// Hands on everything.
  void flush();

  [[nodiscard]] bool holds_any() const { return held_frames_ > 0; }
  [[nodiscard]] std::size_t held_bytes() const { return held_bytes_; }

 private:
  struct Lane {
    FrameQueue queue;
    std::optional<Moment> shown;  ///< time of its last frame
    bool open{false};
  };

  /// No interface can still have a frame before one of `time`, as far as those tell whose queues
  /// are empty.
  [[nodiscard]] bool all_have_shown(Moment time, std::size_t but) const;
  [[nodiscard]] std::size_t earliest() const;
  [[nodiscard]] bool any_waited_enough(LoopTime now) const;
  void settle(LoopTime now);
  void let_go(std::size_t interface);

  MergeSettings settings_;
  Take take_;
  std::vector<Lane> lanes_;
  std::size_t held_frames_{0};
  std::size_t held_bytes_{0};
};

}  // namespace remora::capture
