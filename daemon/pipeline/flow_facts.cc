#include "daemon/pipeline/flow_facts.h"

namespace remora::pipeline {

using capture::FlowEnd;

FlowFacts facts_of(const FlowKey& key, const capture::Flow& flow,
                   const std::optional<NetworkId>& network) {
  FlowFacts facts{.id = flow.id,
                  .transport = key.transport,
                  .first = flow.first,
                  .initiator_known = flow.initiator_known,
                  .network = network,
                  .sides = {}};
  for (const auto side : {Side::kInitiator, Side::kAcceptor}) {
    const auto& totals = flow.of(side);
    auto& to = facts.sides.at(index_of(side));
    to.address = flow.address(key, side);
    to.wire_bytes = totals.wire_bytes;
    to.payload_bytes = totals.payload_bytes;
    to.packets = totals.packets;
    to.retransmitted_packets = totals.retransmitted_packets;
    if (flow.detail != nullptr) {
      to.mac = flow.detail->mac.at(index_of(side));
      to.ttl = flow.detail->ttl.at(index_of(side));
      to.gap_bytes = flow.detail->streams.at(index_of(side)).gap_bytes();
    }
  }
  return facts;
}

FlowClosure closure_of(const capture::EndedFlow& ended) {
  FlowClosure closure{.by = ended.flow.closed_by,
                      .at = {.time = ended.at, .frame = ended.frame},
                      .other_distance = ended.other_distance};
  switch (ended.how) {
    case FlowEnd::kFin:
      closure.how = FlowClosure::How::kFin;
      break;
    case FlowEnd::kReset:
      closure.how = FlowClosure::How::kReset;
      break;
    case FlowEnd::kTimeout:
      closure.how = FlowClosure::How::kTimeout;
      break;
    case FlowEnd::kCaptureEnd:
      closure.how = FlowClosure::How::kCaptureEnd;
      break;
  }
  return closure;
}

}  // namespace remora::pipeline
