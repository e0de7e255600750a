#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "capture/base/flow_key.h"
#include "capture/flow/fetch.h"
#include "capture/flow/flow.h"

namespace remora::capture {

/// Number of a flow's place in its slab.
using SlotNumber = std::uint32_t;
inline constexpr SlotNumber kNoSlot = 0xffff'ffff;

/// A place in a list that runs through the slab. The first of a list may name its head in
/// `previous`, with kHeadBit set: slots have 31 bits.
struct Link {
  SlotNumber next{kNoSlot};
  SlotNumber previous{kNoSlot};
};
inline constexpr SlotNumber kHeadBit = 0x8000'0000;

/// In which order flows are given up when there is no room.
enum class Rank : std::uint8_t {
  kHalfOpen,   ///< one side only, and no payload
  kOrdinary,   ///< nobody wants it, or nobody knows yet
  kCandidate,  ///< has a detail, but is not known to be wanted; or carries no session, or is over
  kWanted,
};
inline constexpr std::size_t kRanks = 4;

/// A flow and all that the table keeps of it.
struct FlowSlot : Flow {
  FlowKey key;
  Rank rank{};          ///< the list that `order` is in; may lag behind what the flow is
  bool touched{false};  ///< got a packet since it came into that list
  SlotNumber number{kNoSlot};
  Link timer;
  Link order;
};
static_assert(sizeof(FlowSlot) <= 168);

/// Flows at addresses that do not change, in chunks that are allocated as they are needed and kept
/// for the next flows.
class FlowSlab {
 public:
  static constexpr std::size_t kChunk = 256;

  /// A slot with a fresh flow.
  [[nodiscard]] SlotNumber take();
  void give_back(SlotNumber slot);
  /// Frees the chunks; every slot number is void.
  void clear();

  [[nodiscard]] FlowSlot& operator[](SlotNumber slot) {
    return (*chunks_[slot / kChunk])[slot % kChunk];
  }
  [[nodiscard]] const FlowSlot& operator[](SlotNumber slot) const {
    return (*chunks_[slot / kChunk])[slot % kChunk];
  }

  /// Asks memory for the slot.
  void fetch(SlotNumber slot) const { capture::fetch(&(*this)[slot], sizeof(FlowSlot)); }

  /// Flows that are in.
  [[nodiscard]] std::size_t size() const { return size_; }
  /// Slots that there are, taken or not; those not taken hold a fresh flow.
  [[nodiscard]] SlotNumber slots() const {
    return static_cast<SlotNumber>(chunks_.size() * kChunk);
  }
  [[nodiscard]] std::size_t memory_bytes() const { return chunks_.size() * sizeof(Chunk); }

 private:
  using Chunk = std::array<FlowSlot, kChunk>;

  void add_chunk();

  std::vector<std::unique_ptr<Chunk>> chunks_;
  SlotNumber free_{kNoSlot};  ///< chained by `timer.next`; the last given back is the first taken
  std::size_t size_{0};
};

}  // namespace remora::capture
