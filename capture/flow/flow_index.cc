#include "capture/flow/flow_index.h"

#include <utility>

namespace remora::capture {

std::vector<SlotNumber> FlowIndex::insert(std::uint32_t hash, SlotNumber slot) {
  if ((size_ + 1) * 4 > entries_.size() * 3) { grow(); }
  if (const auto place = overfull_at(hash)) {
    std::vector<SlotNumber> crowd;
    for (std::size_t back = 0; back < kReach; ++back) {
      crowd.push_back(entries_[(*place - back) & (entries_.size() - 1)].slot);
    }
    return crowd;
  }
  put({.hash = hash, .slot = slot});
  ++size_;
  return {};
}

/// Where an entry would be pushed out of reach by a new one with this hash. The kReach entries up
/// to there are all out of their homes, or at most the first is in it: removing any makes room.
std::optional<std::size_t> FlowIndex::overfull_at(std::uint32_t hash) const {
  auto at = home(hash);
  std::size_t distance = 0;
  while (entries_[at].slot != kNoSlot && away(at) >= distance) {
    if (++distance == kReach) { return at; }
    at = after(at);
  }
  while (entries_[at].slot != kNoSlot) {
    if (away(at) + 1 == kReach) { return at; }
    at = after(at);
  }
  return std::nullopt;
}

void FlowIndex::put(Entry entry) {
  auto at = home(entry.hash);
  for (std::size_t distance = 0; entries_[at].slot != kNoSlot; ++distance, at = after(at)) {
    if (away(at) < distance) {
      distance = away(at);
      std::swap(entries_[at], entry);
    }
  }
  entries_[at] = entry;
}

void FlowIndex::remove(std::uint32_t hash, SlotNumber slot) {
  auto at = home(hash);
  while (entries_[at].slot != slot) { at = after(at); }
  for (auto next = after(at); entries_[next].slot != kNoSlot && away(next) > 0;
       at = next, next = after(next)) {
    entries_[at] = entries_[next];
  }
  entries_[at] = {};
  --size_;
}

void FlowIndex::clear() {
  entries_.assign(kSmallest, {});
  entries_.shrink_to_fit();
  size_ = 0;
}

void FlowIndex::grow() {
  std::vector<Entry> old(entries_.size() * 2);
  old.swap(entries_);
  for (const auto& entry : old) {
    if (entry.slot != kNoSlot) { put(entry); }
  }
}

}  // namespace remora::capture
