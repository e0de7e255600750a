#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <vector>

#include "capture/base/frame.h"

namespace remora::capture {

/// The caller's time, not the frames': it never goes back, and is never compared with theirs.
using LoopTime = std::chrono::steady_clock::time_point;

/// Copies of frames, first in, first out. The bytes lie in chunks that are used again.
class FrameQueue {
 public:
  void push(const Frame& frame, LoopTime arrived);
  void pop();

  [[nodiscard]] bool empty() const { return frames_.empty(); }
  /// Borrowed until `pop`.
  [[nodiscard]] const Frame& front() const { return frames_.front().frame; }
  [[nodiscard]] LoopTime front_arrived() const { return frames_.front().arrived; }
  /// What a frame costs while it is held. Chunks that are not full cost up to half as much again.
  [[nodiscard]] static std::size_t cost(const Frame& frame);

 private:
  struct Held {
    Frame frame;
    LoopTime arrived;
  };
  struct Chunk {
    std::vector<std::byte> bytes;
    std::size_t used{0};
    std::size_t frames{0};
  };

  [[nodiscard]] Chunk& chunk_with_room(std::size_t size);

  std::deque<Held> frames_;
  std::deque<Chunk> chunks_;  ///< each with frames, in their order
  Chunk spare_;
};

}  // namespace remora::capture
