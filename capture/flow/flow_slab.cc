#include "capture/flow/flow_slab.h"

namespace remora::capture {

SlotNumber FlowSlab::take() {
  if (free_ == kNoSlot) { add_chunk(); }
  const auto number = free_;
  auto& slot = (*this)[number];
  free_ = slot.timer.next;
  slot.timer = {};
  slot.number = number;
  ++size_;
  return number;
}

void FlowSlab::give_back(SlotNumber slot) {
  auto& given = (*this)[slot];
  given = FlowSlot{};
  given.timer.next = free_;
  free_ = slot;
  --size_;
}

void FlowSlab::clear() {
  chunks_.clear();
  free_ = kNoSlot;
  size_ = 0;
}

void FlowSlab::add_chunk() {
  const auto base = static_cast<SlotNumber>(chunks_.size() * kChunk);
  chunks_.push_back(std::make_unique<Chunk>());
  for (SlotNumber at = kChunk; at-- > 0;) {
    (*chunks_.back())[at].timer.next = free_;
    free_ = base + at;
  }
}

}  // namespace remora::capture
