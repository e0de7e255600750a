#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "capture/base/frame.h"
#include "capture/base/time.h"
#include "capture/base/tunnel.h"
#include "capture/flow/flow_table.h"
#include "capture/net/packet.h"
#include "daemon/pipeline/batch.h"
#include "daemon/pipeline/checksum_watch.h"
#include "daemon/pipeline/flow_report.h"
#include "daemon/pipeline/path_watch.h"
#include "daemon/pipeline/refusal_watch.h"
#include "daemon/pipeline/waiting_flows.h"
#include "dissect/conversation/context.h"
#include "dissect/conversation/conversation.h"
#include "dissect/conversation/datagram_conversation.h"
#include "dissect/conversation/family.h"

namespace remora::pipeline {

struct WorkerSettings {
  capture::FlowLimits limits;
  Checksums checksums{Checksums::kAuto};
  Nanoseconds interim_interval{std::chrono::minutes{10}};
  const Context* context{&nothing_given()};  ///< outlives the worker
};

/// Owns flows: places each packet, puts the streams of interest in order and leads them through
/// their conversations. A flow that no family recognises is only counted.
///
/// Same packets and ticks, same reports, in capture order.
class FlowWorker {
 public:
  FlowWorker(Families families, const WorkerSettings& settings);

  /// Works through the packets and ticks of `shard`, which is this one, in capture order.
  void on_batch(const Batch& batch, std::size_t shard, std::vector<FlowReport>& out);
  /// Conversations that begin from here on are given this context; flows are told of so often.
  void change(std::shared_ptr<const Context> context, Nanoseconds interim_interval) {
    context_ = std::move(context);
    settings_.interim_interval = interim_interval;
  }
  /// Keys were added to contexts that conversations have: what is held back for want of them is
  /// read as far as it can be, behind all packets so far.
  void on_keys(FrameNumber last, std::vector<FlowReport>& out);
  /// The capture ended with frame `last`: every flow of interest is closed.
  void finish(FrameNumber last, std::vector<FlowReport>& out);

  [[nodiscard]] const capture::FlowTable& flows() const { return table_; }

 private:
  struct Watched {
    std::shared_ptr<const Context> context;  ///< the conversation's, which it outlives
    std::variant<Conversation, DatagramConversation> conversation;
    PathWatch path;
    ChecksumWatch checksums;
    Moment next_interim;
    bool told{false};  ///< something was reported of it
  };
  using Placed = capture::FlowTable::Placed;
  using Sought = capture::FlowTable::Sought;
  using Reports = std::vector<FlowReport>;

  void look_ahead(const Batch& batch, const std::vector<Batch::Item>& items);
  void on_packet(const capture::Packet& packet, const Sought& sought, Reports& out);
  /// Capture time has come to `at`: flows whose time is up are closed.
  void on_tick(Instant at, Reports& out);
  [[nodiscard]] bool may_open_session(const Placed& placed, const capture::Packet& packet) const;
  void on_datagram(const Placed& placed, const capture::Packet& packet, Reports& out);
  void read_alone(const Family& family, const Datagram& datagram, Findings& out);
  [[nodiscard]] bool on_segment(const Placed& placed, const capture::Packet& packet, Reports& out);
  [[nodiscard]] bool may_be_wanted(const Placed& placed, const capture::Packet& packet,
                                   Reports& out);
  [[nodiscard]] static bool will_be_taken(const Placed& placed, const capture::Packet& packet,
                                          Watched& watched);
  [[nodiscard]] Watched& begin_otherwise(const Placed& placed, const capture::Packet& packet);
  void settle_syn_payload(const Placed& placed, const capture::Packet& packet, Watched& watched,
                          Reports& out);
  void overhear(const Placed& placed, const capture::Packet& packet, Reports& out);
  Watched& watch(const Placed& placed, const capture::Packet& packet,
                 std::variant<Conversation, DatagramConversation> conversation);
  static void add_segment(const Placed& placed, const capture::Packet& packet);
  static void keep_syn_payload(const Placed& placed, const capture::Packet& packet);
  void read_streams(const FlowKey& key, capture::Flow& flow, Watched& watched, Moment now,
                    bool at_end, Reports& out);
  void read_stream(Side side, const FlowKey& key, capture::Flow& flow, Watched& watched, Moment now,
                   bool at_end, Reports& out);
  void report_found(const FlowKey& key, const capture::Flow& flow, Watched& watched, Reports& out);
  void report(const FlowKey& key, const capture::Flow& flow, decltype(FlowReport::what) what,
              Reports& out);
  void tell_refusal(const Placed& placed, const capture::Packet& packet, Reports& out);
  void tell_evasions(const FlowKey& key, capture::Flow& flow, Instant now, Reports& out);
  void tell_interim(const Placed& placed, const capture::Packet& packet, Watched& watched,
                    Reports& out);
  void end_streams(const capture::EndedFlow& ended, Watched& watched, Reports& out);
  void want(capture::Flow& flow, bool carries_no_session);
  void settle(const Placed& placed, Watched& watched, Reports& out);
  void dismiss(const Placed& placed, const Watched& watched, Reports& out);
  void close_ended(Reports& out);
  void note_waiting(const FlowKey& key, const capture::Flow& flow, Watched& watched, Reports& out);
  template <typename Read>
  void read_waiting(Read read, Reports& out);
  void release_waiting(Instant at, Reports& out);
  void read_waiting_as_it_is(const capture::EndedFlow& ended, Watched& watched, Reports& out);

  Families families_;
  std::vector<void (*)(const Datagram&, Findings&)> overhearers_;
  std::vector<std::unique_ptr<DatagramDissector>> readers_;  ///< by place in `families_`; or null
  std::vector<bool (*)(const Datagram&)> datagram_openers_;  ///< of families that open sessions
  WorkerSettings settings_;
  std::shared_ptr<const Context> context_;
  capture::FlowTable table_;
  boost::unordered_flat_map<std::uint64_t, Watched> watched_;  ///< by Flow::id
  WaitingFlows waiting_;
  std::vector<Sought> sought_;  ///< of the packets that are looked at together, in their order
  std::vector<capture::EndedFlow> ended_;
  std::vector<Finding> found_;
  RefusalWatch refusals_;
  std::vector<Finding> on_the_way_;      ///< what a PathWatch has to say
  ReportOrder order_;                    ///< of what is reported now
  const TunnelStack* tunnels_{nullptr};  ///< of the packet that is looked at, if any
  Moment clock_{};                       ///< the last tick
};

}  // namespace remora::pipeline
