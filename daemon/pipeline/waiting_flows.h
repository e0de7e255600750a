#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "capture/base/flow_key.h"
#include "capture/base/tunnel.h"
#include "dissect/conversation/conversation.h"

namespace remora::pipeline {

/// The flows of a shard whose conversations hold something back for want of a key, and how much all
/// of them may.
///
/// State: a line a flow.
class WaitingFlows {
 public:
  /// LIMIT: bytes held back by the flows of a shard. What is not known to be a session may have
  /// half of it, so that streams of no interest take no room from one.
  static constexpr std::size_t kMaxBytes = std::size_t{4} << 20U;

  struct Waiting {
    std::uint64_t id{0};  ///< Flow::id
    FlowKey key;
    TunnelStack tunnels;  ///< of its last packet
  };

  /// So much is held back by the flow now. False: there is no room for it.
  [[nodiscard]] bool note(const Waiting& flow, const Conversation::Held& held);
  void forget(std::uint64_t id);
  /// Null where it is not among them.
  [[nodiscard]] const Waiting* find(std::uint64_t id) const;
  /// By their ids.
  [[nodiscard]] std::vector<Waiting> all() const;
  [[nodiscard]] bool empty() const { return flows_.empty(); }

 private:
  struct Entry {
    Waiting flow;
    std::size_t bytes{0};
  };

  std::map<std::uint64_t, Entry> flows_;
  std::size_t bytes_{0};
};

}  // namespace remora::pipeline
