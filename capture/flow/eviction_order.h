#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "capture/flow/flow_slab.h"

namespace remora::capture {

/// The rank of a flow by what it is now.
[[nodiscard]] Rank rank_of(const Flow& flow);

/// Which flow goes when there is no room: those of the lowest rank first, and of a rank the one
/// that was quiet for longest, nearly: a flow that got a packet since it was last looked at is
/// passed over and looked at again after the others. Half-open flows go strictly oldest first, so
/// that a flood of SYNs displaces only itself.
///
/// Flows are in one list a rank. What a flow has become is noticed when it comes to be looked at;
/// that costs each packet nothing and each change of rank one move.
class EvictionOrder {
 public:
  /// LIMIT: flows passed over for one that goes, so that no packet waits for the whole table.
  static constexpr std::size_t kPassedOver = 64;

  explicit EvictionOrder(FlowSlab& slab) : slab_{&slab} {}

  void add(SlotNumber slot, Rank rank);
  void remove(SlotNumber slot);
  /// Puts the flow last among those of its present rank.
  void file_again(SlotNumber slot);

  /// The flow to give up, of rank `from` or above; it stays in its list. Empty when there is none.
  [[nodiscard]] std::optional<SlotNumber> next(Rank from);

  void clear() { lists_ = {}; }

 private:
  struct Ends {
    SlotNumber first{kNoSlot};
    SlotNumber last{kNoSlot};
  };

  FlowSlab* slab_;
  std::array<Ends, kRanks> lists_{};
};

}  // namespace remora::capture
