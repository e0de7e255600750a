#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "capture/base/flow_key.h"
#include "capture/flow/flow.h"
#include "capture/flow/limits.h"
#include "capture/net/packet.h"

namespace remora::capture {

/// Hash for flow keys that does not depend on machine or run.
struct FlowKeyHash {
  using is_avalanching = void;
  [[nodiscard]] std::size_t operator()(const FlowKey& key) const;
};

/// A flow that left the table, and why.
struct EndedFlow {
  FlowKey key;
  Flow flow;
  FlowEnd how{};
  Moment at;  ///< first FIN or RST, or when the timeout ran out, or the last packet
};

/// All flows seen and not yet over. One lookup a packet; a flow that nobody wants costs its
/// counters only.
///
/// State: the flows. Bounded by FlowLimits::flows; when full, the flows idle for longest go first,
/// those of no interest before any that is wanted.
class FlowTable {
 public:
  explicit FlowTable(const FlowLimits& limits) : limits_{limits} {}

  struct Placed {
    const FlowKey* key{nullptr};
    Flow* flow{nullptr};  ///< valid until the next call of a member
    Side from{};
    bool retransmitted{false};
  };

  /// Finds or opens the packet's flow and counts the packet. A SYN that reuses the addresses of a
  /// earlier connection ends the old flow, which is appended to `ended`.
  [[nodiscard]] Placed place(const Packet& packet, std::vector<EndedFlow>& ended);

  /// Follows FIN and RST. Call after the packet's payload was handled.
  void follow_state(const Placed& placed, const Packet& packet);

  /// Removes the flows whose time has run out at `now`. Those with a detail are appended to
  /// `ended`, in order of their first frame.
  void expire(Moment now, std::vector<EndedFlow>& ended);

  /// Removes all flows; those with a detail are appended to `ended`, in order of their first frame.
  void finish(std::vector<EndedFlow>& ended);

  /// Room for the detail of a flow that may be of interest.
  void attach_detail(Flow& flow);

  [[nodiscard]] std::size_t size() const { return flows_.size(); }
  [[nodiscard]] std::uint64_t opened() const { return opened_; }
  /// Flows dropped because the table was full.
  [[nodiscard]] std::uint64_t evicted() const { return evicted_; }
  [[nodiscard]] std::size_t held_bytes() const { return held_.now; }

 private:
  using Map = boost::unordered_flat_map<FlowKey, Flow, FlowKeyHash>;

  [[nodiscard]] Moment deadline(const Flow& flow) const;
  [[nodiscard]] EndedFlow end(const FlowKey& key, Flow flow, std::optional<FlowEnd> forced) const;
  void close_soon(const FlowKey& key, const Flow& flow);
  void sweep(Moment now, std::vector<EndedFlow>& ended);
  void make_room(std::vector<EndedFlow>& ended);

  FlowLimits limits_;
  HeldBytes held_;  // before flows_: outlives the reassemblers
  Map flows_;
  std::vector<std::pair<Moment, FlowKey>> closing_;  ///< wanted flows that end soon, a min-heap
  Moment next_sweep_{Moment::min()};
  std::uint64_t opened_{0};
  std::uint64_t evicted_{0};
};

}  // namespace remora::capture
