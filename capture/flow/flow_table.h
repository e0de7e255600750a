#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "capture/base/flow_key.h"
#include "capture/flow/eviction_order.h"
#include "capture/flow/flow.h"
#include "capture/flow/flow_index.h"
#include "capture/flow/flow_key_hash.h"
#include "capture/flow/flow_slab.h"
#include "capture/flow/limits.h"
#include "capture/flow/timer_wheel.h"
#include "capture/net/packet.h"

namespace remora::capture {

/// A flow that left the table, and why.
struct EndedFlow {
  FlowKey key;
  Flow flow;
  FlowEnd how{};
  Moment at;            ///< first FIN or RST, or when the timeout ran out, or the last packet
  FrameNumber frame{};  ///< of that FIN, RST or last packet; 0 for a timeout
  bool other_distance{false};  ///< of that RST
};

/// All flows seen and not yet over. One lookup a packet; a flow that nobody wants costs its
/// counters and at most kFlowCost bytes.
///
/// Flows differ by addresses, ports and transport only. VLAN and tunnel ids would split a flow: the
/// two directions often bear different ones (a tap of asymmetric VLANs, the TEIDs of GTP).
///
/// State: the flows. Bounded by FlowLimits: their number (three quarters of the memory are theirs)
/// and the memory of all. What goes when there is no room is in EvictionOrder; flows of interest
/// are the last. Not to be copied or moved: flows refer to it.
class FlowTable {
 public:
  explicit FlowTable(const FlowLimits& limits);
  FlowTable(const FlowTable&) = delete;
  FlowTable& operator=(const FlowTable&) = delete;
  FlowTable(FlowTable&&) = delete;
  FlowTable& operator=(FlowTable&&) = delete;
  ~FlowTable() = default;

  /// Where a packet's flow is looked for.
  struct Sought {
    FlowKey key;
    std::uint32_t hash{0};
    bool from_low{true};  ///< the packet's sender is `key.low`
  };

  // Where flows are many, each packet waits for memory several times. These ask for what `place`
  // and its callers will look at, and change nothing in the table: call the first for some packets,
  // then the second for the same, and so on, then place each. Each needs the one before.
  static void seek(const Packet& packet, Sought& sought);
  void fetch_index(Sought& sought) const;
  void fetch_flow(const Sought& sought) const;
  /// Gives what is most likely the flow, where it has a detail; else null.
  const Flow* fetch_detail(const Sought& sought) const;

  struct Placed {
    const FlowKey* key{nullptr};
    Flow* flow{nullptr};  ///< valid until the next call of place, expire or finish, as is `key`
    Side from{};
    bool retransmitted{false};
    bool refused{false};  ///< a SYN on an established flow: its receiver takes nothing from it
  };

  /// Finds or opens the packet's flow and counts the packet. A SYN that reuses the addresses of an
  /// earlier connection ends the old flow, but an established one of interest only once the other
  /// side has answered with a SYN-ACK; for lack of room others may end. Of flows that end,
  /// those with a detail or of interest are appended to `ended`, here and below.
  [[nodiscard]] Placed place(const Packet& packet, const Sought& sought,
                             std::vector<EndedFlow>& ended);
  [[nodiscard]] Placed place(const Packet& packet, std::vector<EndedFlow>& ended);

  /// Follows FIN and RST, and notes evasions that a packet shows by itself. Call after the packet's
  /// payload was handled.
  void follow_state(const Placed& placed, const Packet& packet);

  /// The flow with this key, not counted; null where there is none. Valid as in Placed.
  [[nodiscard]] Flow* find(const FlowKey& key);

  /// Removes the flows whose time has run out, in order of their first frame. Acts once for each
  /// second of capture time, on what had run out when that second began: what it ends follows from
  /// the calls alone, however flows are divided among tables. Costs one comparison otherwise. Time
  /// that goes back is taken to stand still.
  void expire(Moment now, std::vector<EndedFlow>& ended);

  /// Time was wrong and begins anew at `now`, before what it was. Ends nothing.
  void restart(Moment now);

  /// Removes all flows, in order of their first frame.
  void finish(std::vector<EndedFlow>& ended);

  /// Room for the detail of a flow that may be of interest. `flow` is in the table. One that was
  /// closing already goes on: what closed it was not its own.
  void attach_detail(Flow& flow);

  /// Sets the flow's interest, and what follows for eviction and timeout at once. Setting the
  /// member alone will do where the flow becomes wanted. `flow` is in the table.
  void set_interest(Flow& flow, Interest interest);

  [[nodiscard]] std::size_t size() const { return slab_.size(); }
  [[nodiscard]] std::uint64_t opened() const { return opened_; }
  /// Flows dropped because the table was full.
  [[nodiscard]] std::uint64_t evicted() const { return evicted_; }
  /// Payload bytes that came too early.
  [[nodiscard]] std::size_t held_bytes() const { return held_.now; }
  /// Everything that FlowLimits::memory_bytes limits.
  [[nodiscard]] std::size_t memory_bytes() const {
    return slab_.memory_bytes() + index_.memory_bytes() + held_.now + held_.overhead;
  }

 private:
  [[nodiscard]] SlotNumber look_up(std::uint32_t hash, const FlowKey& key) const;
  [[nodiscard]] FlowSlot& open(const FlowKey& key, std::uint32_t hash, Instant at,
                               std::vector<EndedFlow>& ended);
  void relieve_memory(std::vector<EndedFlow>& ended);
  void evict(SlotNumber number, std::vector<EndedFlow>& ended);
  void fetch_next(SlotNumber number) const;
  void leave(SlotNumber number, std::optional<FlowEnd> forced, std::vector<EndedFlow>& ended);
  [[nodiscard]] EndedFlow end(FlowSlot& slot, std::optional<FlowEnd> forced) const;
  void file_timer_again(const FlowSlot& slot);
  [[nodiscard]] Moment deadline(const Flow& flow) const;

  FlowLimits limits_;
  std::size_t most_flows_;
  HeldBytes held_;  // before slab_: outlives the details
  FlowSlab slab_;
  FlowIndex index_;
  TimerWheel wheel_{slab_};
  EvictionOrder order_{slab_};
  Moment next_tick_{Moment::min()};
  Instant placed_at_;
  std::uint64_t opened_{0};
  std::uint64_t evicted_{0};
};

}  // namespace remora::capture
