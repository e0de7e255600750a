#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "capture/base/frame.h"
#include "capture/net/packet.h"
#include "daemon/pipeline/byte_arena.h"
#include "daemon/pipeline/flow_report.h"

namespace remora::pipeline {

/// Flows are divided into this many parts, each with tables of its own. The number is fixed and the
/// threads share the parts among them: so what is told, limits included, does not depend on the
/// number of threads.
inline constexpr std::size_t kShards = 16;

/// A stretch of the capture, taken apart and divided among the shards, and what came of it.
///
/// The thread that reads fills it, the workers see it as constant but for the reports of their
/// shards, then it is the reader's again.
class Batch {
 public:
  /// What a shard has to do, in capture order.
  struct Item {
    std::uint32_t index{0};  ///< in `packets` or `ticks`
    bool is_tick{false};
  };

  /// The next packet's place; what was there before is still in it.
  [[nodiscard]] capture::Packet& next_packet();
  /// The packet just written belongs to `shard`.
  void keep_packet(std::size_t shard);
  void add_tick(Instant at);
  /// Told by the reader itself.
  void add_report(FlowReport report) { own_reports.push_back(std::move(report)); }

  [[nodiscard]] std::size_t packet_count() const { return count_; }
  [[nodiscard]] bool empty() const { return count_ == 0 && ticks.empty() && own_reports.empty(); }

  /// Ready to be filled anew.
  void clear();

  // What the reader fills and the workers read: a record, but for the count.
  // NOLINTBEGIN(cppcoreguidelines-non-private-member-variables-in-classes)
  std::vector<capture::Packet> packets;  ///< the first packet_count() of them
  std::vector<Instant> ticks;
  std::array<std::vector<Item>, kShards> items;
  std::vector<std::shared_ptr<const void>> memory;  ///< what the packets borrow from
  ByteArena arena;                                  ///< likewise

  std::array<std::vector<FlowReport>, kShards> reports;
  std::vector<FlowReport> own_reports;
  // NOLINTEND(cppcoreguidelines-non-private-member-variables-in-classes)

 private:
  std::size_t count_{0};
};

}  // namespace remora::pipeline
