#include "capture/source/read_ahead.h"

#include <span>
#include <utility>

namespace remora::capture {

bool ReadAhead::read_next() {
  std::unique_lock lock{mutex_};
  if (reading_ || ended_ || empty_.empty()) { return false; }
  read_block(lock);
  return true;
}

std::optional<ReadAhead::Block> ReadAhead::take(std::unique_lock<std::mutex>& lock) {
  while (ready_.empty() && !ended_) {
    if (reading_) {
      block_came_.wait(lock);
    } else {
      read_block(lock);
    }
  }
  if (ready_.empty()) { return std::nullopt; }
  auto block = std::move(ready_.front());
  ready_.erase(ready_.begin());
  return block;
}

/// Gives the lock back while it reads. Only while there is an empty buffer, and nobody reads.
void ReadAhead::read_block(std::unique_lock<std::mutex>& lock) {
  reading_ = true;
  Block block{.buffer = std::move(empty_.back()), .end = kRoom};
  empty_.pop_back();
  lock.unlock();
  const auto more = fill(block);
  lock.lock();
  reading_ = false;
  if (block.end > kRoom) { ready_.push_back(std::move(block)); }
  ended_ = !more.value_or(false);
  if (!more.has_value()) { error_ = more.error(); }
  block_came_.notify_one();
}

/// Whole, so that what is left over of it is little beside it, however little each `read` gives.
/// False at the end; an end or an error may follow bytes.
tl::expected<bool, ByteError> ReadAhead::fill(Block& block) {
  if (block.buffer->size() < kBufferBytes) { block.buffer->resize(kBufferBytes); }
  while (block.end < kBufferBytes) {
    const auto count =
        source_->read(std::span{*block.buffer}.subspan(block.end, kBufferBytes - block.end));
    if (!count.has_value()) { return tl::unexpected{count.error()}; }
    if (*count == 0) { return false; }
    block.end += *count;
  }
  return true;
}

}  // namespace remora::capture
