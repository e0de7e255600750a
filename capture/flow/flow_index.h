#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "capture/flow/flow_slab.h"

namespace remora::capture {

/// Finds slots by hash: open addressing in a power of two, linear probing in which entries stand in
/// the order of their homes (Robin Hood), removal by shifting back. Entries bear the hash, so that
/// growing reads nothing else; growing doubles 8 bytes an entry, a ninth of what the flows take.
///
/// LIMIT: no entry stands kReach or more behind its home. Chance does not bring that about at this
/// load (its probability falls by half with each step); an attacker who knows the hash can. Then an
/// entry has to go, and lookups stay cheap.
class FlowIndex {
 public:
  static constexpr std::size_t kReach = 64;
  static constexpr std::size_t kEntryBytes = 8;
  static constexpr std::size_t kSmallest = 1024;

  FlowIndex() : entries_(kSmallest) {}

  /// The first slot with this hash for which `is_it(slot)` holds, or kNoSlot.
  template <typename IsIt>
  [[nodiscard]] SlotNumber find(std::uint32_t hash, IsIt is_it) const {
    auto at = home(hash);
    for (std::size_t distance = 0; distance < kReach; ++distance, at = after(at)) {
      const auto& entry = entries_[at];
      if (entry.slot == kNoSlot || away(at) < distance) { return kNoSlot; }
      if (entry.hash == hash && is_it(entry.slot)) { return entry.slot; }
    }
    return kNoSlot;
  }

  /// The first slot with this hash, whosever it is, or kNoSlot.
  [[nodiscard]] SlotNumber first_with(std::uint32_t hash) const {
    return find(hash, [](SlotNumber) { return true; });
  }
  /// Asks memory for the place where `hash` is looked for.
  void fetch(std::uint32_t hash) const { capture::fetch(&entries_[home(hash)], kEntryBytes); }

  /// Empty when the slot is in. Otherwise nothing was changed, and one of the slots returned has to
  /// be removed before it can be.
  [[nodiscard]] std::vector<SlotNumber> insert(std::uint32_t hash, SlotNumber slot);
  /// INVARIANT: `slot` is there under `hash`.
  void remove(std::uint32_t hash, SlotNumber slot);
  void clear();

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t memory_bytes() const { return entries_.size() * sizeof(Entry); }

 private:
  struct Entry {
    std::uint32_t hash{0};
    SlotNumber slot{kNoSlot};
  };
  static_assert(sizeof(Entry) == kEntryBytes);

  [[nodiscard]] std::size_t home(std::uint32_t hash) const { return hash & (entries_.size() - 1); }
  [[nodiscard]] std::size_t after(std::size_t at) const { return (at + 1) & (entries_.size() - 1); }
  [[nodiscard]] std::size_t away(std::size_t at) const {
    return (at - home(entries_[at].hash)) & (entries_.size() - 1);
  }
  [[nodiscard]] std::optional<std::size_t> overfull_at(std::uint32_t hash) const;
  void put(Entry entry);
  void grow();

  std::vector<Entry> entries_;
  std::size_t size_{0};
};

/// What a flow that is not of interest costs at most: its slot and, just after the index has grown,
/// 8 / 3 entries.
inline constexpr std::size_t kFlowCost = sizeof(FlowSlot) + FlowIndex::kEntryBytes * 8 / 3 + 1;
static_assert(kFlowCost <= 192);

}  // namespace remora::capture
