#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "capture/base/time.h"
#include "capture/flow/flow_slab.h"

namespace remora::capture {

/// Whole seconds of capture time since 1970.
using Tick = std::int64_t;

[[nodiscard]] inline Tick tick_at(Moment moment) {
  return std::chrono::floor<std::chrono::seconds>(moment).time_since_epoch().count();
}

/// When to look at which flow again: 4096 buckets of a second each, in which flows are chained.
/// What is due later than that lies in the last bucket and is looked at on the way. A packet does
/// not move its flow: whoever looks at a flow too early files it again.
///
/// Cost: filing and removing constant; advancing a bucket a second, and never more than all of
/// them.
class TimerWheel {
 public:
  static constexpr std::size_t kBuckets = 4096;

  explicit TimerWheel(FlowSlab& slab) : slab_{&slab} {
    for (auto& head : *heads_) { head = kNoSlot; }
  }

  /// Where time begins; flows may be filed from then on.
  void start(Tick now) { now_ = now; }
  [[nodiscard]] Tick now() const { return now_; }

  /// INVARIANT: the slot is in no bucket. It comes up at the first tick at or after `due`, or
  /// earlier, but not before the next one.
  void file(SlotNumber slot, Moment due) {
    const Tick late = tick_at(due + std::chrono::seconds{1} - Nanoseconds{1});
    const auto ahead = std::clamp<Tick>(late - now_, 1, kBuckets - 1);
    const auto bucket = bucket_of(now_ + ahead);
    auto& head = heads_->at(bucket);
    auto& link = (*slab_)[slot].timer;
    link = {.next = head, .previous = kHeadBit | static_cast<SlotNumber>(bucket)};
    if (head != kNoSlot) { (*slab_)[head].timer.previous = slot; }
    head = slot;
  }

  void remove(SlotNumber slot) {
    const auto link = (*slab_)[slot].timer;
    if ((link.previous & kHeadBit) != 0) {
      heads_->at(link.previous & ~kHeadBit) = link.next;
    } else {
      (*slab_)[link.previous].timer.next = link.next;
    }
    if (link.next != kNoSlot) { (*slab_)[link.next].timer.previous = link.previous; }
  }

  /// Time goes on to `now`: calls `look(slot)` for each flow that came up, which is then in no
  /// bucket, and may be filed again or given back. Time does not go back.
  template <typename Look>
  void advance(Tick now, Look look) {
    if (now <= now_) { return; }
    const auto passed = std::min<Tick>(now - now_, kBuckets);
    now_ = now;
    for (Tick tick = now - passed + 1; tick <= now; ++tick) {
      auto slot = std::exchange(heads_->at(bucket_of(tick)), kNoSlot);
      while (slot != kNoSlot) {
        const auto next = (*slab_)[slot].timer.next;
        look(slot);
        slot = next;
      }
    }
  }

  void clear() {
    for (auto& head : *heads_) { head = kNoSlot; }
  }

 private:
  using Heads = std::array<SlotNumber, kBuckets>;

  [[nodiscard]] static std::size_t bucket_of(Tick tick) {
    return static_cast<std::size_t>(static_cast<std::uint64_t>(tick) % kBuckets);
  }

  FlowSlab* slab_;
  std::unique_ptr<Heads> heads_{std::make_unique<Heads>()};
  Tick now_{0};
};

}  // namespace remora::capture
