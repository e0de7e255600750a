#include "capture/live/frame_queue.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace remora::capture {
namespace {

constexpr std::size_t kChunkBytes = 256U << 10U;

}  // namespace

std::size_t FrameQueue::cost(const Frame& frame) {
  return frame.bytes.size() + sizeof(Held);
}

FrameQueue::Chunk& FrameQueue::chunk_with_room(std::size_t size) {
  if (chunks_.empty() || chunks_.back().bytes.size() - chunks_.back().used < size) {
    auto chunk = std::exchange(spare_, {});
    chunk.used = 0;
    if (chunk.bytes.size() < size || chunk.bytes.empty()) {
      chunk.bytes.resize(std::max(size, kChunkBytes));
    }
    chunks_.push_back(std::move(chunk));
  }
  return chunks_.back();
}

void FrameQueue::push(const Frame& frame, LoopTime arrived) {
  auto& chunk = chunk_with_room(frame.bytes.size());
  const auto place = std::span{chunk.bytes}.subspan(chunk.used, frame.bytes.size());
  // g++ 12 makes a loop over bytes of std::ranges::copy: several times slower at -O2.
  if (!place.empty()) { std::memcpy(place.data(), frame.bytes.data(), place.size()); }
  chunk.used += place.size();
  ++chunk.frames;
  auto copy = frame;
  copy.bytes = place;
  copy.memory = nullptr;
  frames_.push_back({.frame = copy, .arrived = arrived});
}

void FrameQueue::pop() {
  frames_.pop_front();
  if (--chunks_.front().frames == 0) {
    spare_ = std::move(chunks_.front());
    chunks_.pop_front();
  }
}

}  // namespace remora::capture
