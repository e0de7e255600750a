#pragma once

#include <cstddef>
#include <cstdint>
#include <variant>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "capture/base/frame.h"
#include "capture/base/time.h"
#include "capture/flow/flow_table.h"
#include "capture/net/packet.h"
#include "dissect/conversation/conversation.h"
#include "dissect/conversation/family.h"
#include "dissect/observation/flow.h"
#include "dissect/observation/observation.h"

namespace remora::pipeline {

/// The flow has been open for another interim interval.
struct StillOpen {
  Instant at;
};

/// What a worker has to tell of one flow.
struct FlowReport {
  FlowFacts flow;
  std::variant<Finding, StillOpen, FlowClosure> what;
};

struct WorkerSettings {
  capture::FlowLimits limits;
  Nanoseconds interim_interval{std::chrono::minutes{10}};
};

/// Owns flows: places each packet, puts the streams of interest in order and leads them through
/// their conversations. A flow that no family recognises is only counted.
///
/// Same packets, same reports, in capture order.
class FlowWorker {
 public:
  FlowWorker(Families families, const WorkerSettings& settings)
      : families_{families}, settings_{settings}, table_{settings.limits} {}

  void on_packet(const capture::Packet& packet, std::vector<FlowReport>& out);
  /// The capture ended: every flow of interest is closed.
  void finish(std::vector<FlowReport>& out);

  [[nodiscard]] const capture::FlowTable& flows() const { return table_; }

 private:
  struct Watched {
    Conversation conversation;
    Moment next_interim;
  };
  using Placed = capture::FlowTable::Placed;

  void on_segment(const Placed& placed, const capture::Packet& packet,
                  std::vector<FlowReport>& out);
  [[nodiscard]] bool may_be_wanted(const Placed& placed, const capture::Packet& packet);
  void watch(const Placed& placed, const capture::Packet& packet);
  void read_streams(const FlowKey& key, capture::Flow& flow, Watched& watched, Moment now,
                    bool at_end, std::vector<FlowReport>& out);
  void read_stream(Side side, const FlowKey& key, capture::Flow& flow, Watched& watched, Moment now,
                   bool at_end, std::vector<FlowReport>& out);
  void report_found(const FlowKey& key, const capture::Flow& flow, std::vector<FlowReport>& out);
  void end_streams(const capture::EndedFlow& ended, Watched& watched, std::vector<FlowReport>& out);
  void settle(capture::Flow& flow);
  void close_ended(std::vector<FlowReport>& out);

  Families families_;
  WorkerSettings settings_;
  capture::FlowTable table_;
  boost::unordered_flat_map<std::uint64_t, Watched> watched_;  ///< by Flow::id
  std::vector<capture::EndedFlow> ended_;
  std::vector<Finding> found_;
};

}  // namespace remora::pipeline
