#include "capture/flow/eviction_order.h"

#include <algorithm>

namespace remora::capture {

Rank rank_of(const Flow& flow) {
  const auto& [one, two] = flow.totals;
  const bool one_sided = one.packets == 0 || two.packets == 0;
  // Anybody can send one packet that looks like a session's first; only a peer answers it.
  if (flow.interest == Interest::kWanted && !flow.over && !one_sided && !flow.carries_no_session) {
    return Rank::kWanted;
  }
  if (flow.is_followed()) { return Rank::kCandidate; }
  const bool silent = one.payload_bytes == 0 && two.payload_bytes == 0;
  return silent && one_sided ? Rank::kHalfOpen : Rank::kOrdinary;
}

void EvictionOrder::add(SlotNumber slot, Rank rank) {
  auto& added = (*slab_)[slot];
  auto& list = lists_.at(static_cast<std::size_t>(rank));
  added.rank = rank;
  added.touched = false;
  added.order = {.next = kNoSlot, .previous = list.last};
  (list.last == kNoSlot ? list.first : (*slab_)[list.last].order.next) = slot;
  list.last = slot;
}

void EvictionOrder::remove(SlotNumber slot) {
  const auto& removed = (*slab_)[slot];
  const auto link = removed.order;
  auto& list = lists_.at(static_cast<std::size_t>(removed.rank));
  (link.previous == kNoSlot ? list.first : (*slab_)[link.previous].order.next) = link.next;
  (link.next == kNoSlot ? list.last : (*slab_)[link.next].order.previous) = link.previous;
}

void EvictionOrder::file_again(SlotNumber slot) {
  remove(slot);
  add(slot, rank_of((*slab_)[slot]));
}

std::optional<SlotNumber> EvictionOrder::next(Rank from) {
  std::size_t passed_over = 0;
  for (auto rank = static_cast<std::size_t>(from); rank < kRanks;) {
    const auto slot = lists_.at(rank).first;
    if (slot == kNoSlot) {
      ++rank;
      continue;
    }
    const auto& looked_at = (*slab_)[slot];
    const auto actual = rank_of(looked_at);
    if (actual != looked_at.rank) {
      file_again(slot);
      // It may have come down below where we are.
      rank = std::max(static_cast<std::size_t>(from),
                      std::min(rank, static_cast<std::size_t>(actual)));
    } else if (looked_at.touched && actual != Rank::kHalfOpen && passed_over < kPassedOver) {
      ++passed_over;
      file_again(slot);
    } else {
      return slot;
    }
  }
  return std::nullopt;
}

}  // namespace remora::capture
