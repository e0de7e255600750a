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
  if (block.buffer->size() < kRoom + kBlockBytes) { block.buffer->resize(kRoom + kBlockBytes); }
  const auto count = source_->read(std::span{*block.buffer}.subspan(kRoom, kBlockBytes));
  lock.lock();
  reading_ = false;
  if (count.value_or(0) > 0) {
    block.end += *count;
    ready_.push_back(std::move(block));
  } else {
    ended_ = true;
    if (!count.has_value()) { error_ = count.error(); }
  }
  block_came_.notify_one();
}

}  // namespace remora::capture
