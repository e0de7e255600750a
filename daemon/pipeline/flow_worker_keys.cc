// What a FlowWorker does where conversations hold something back for want of a key.

#include <variant>

#include "daemon/pipeline/flow_worker.h"

namespace remora::pipeline {

/// Where all flows hold back too much, this one is read without a key from here on.
void FlowWorker::note_waiting(const FlowKey& key, const capture::Flow& flow, Watched& watched,
                              Reports& out) {
  const auto held = std::visit([](const auto& talk) { return talk.held(); }, watched.conversation);
  if (!held.waits && waiting_.empty()) { return; }
  const auto id = to_number(flow.id);
  const auto tunnels = tunnels_ == nullptr ? TunnelStack{} : *tunnels_;
  if (waiting_.note({.id = id, .key = key, .tunnels = tunnels}, held)) { return; }
  waiting_.forget(id);
  std::visit([this](auto& talk) { talk.stop_waiting(found_); }, watched.conversation);
  report_found(key, flow, watched, out);
}

template <typename Read>
void FlowWorker::read_waiting(Read read, Reports& out) {
  if (waiting_.empty()) { return; }
  for (const auto& waiting : waiting_.all()) {
    auto* flow = table_.find(waiting.key);
    const auto place = watched_.find(waiting.id);
    if (flow == nullptr || to_number(flow->id) != waiting.id || place == watched_.end()) {
      continue;
    }
    auto& watched = place->second;
    tunnels_ = &waiting.tunnels;
    std::visit(read, watched.conversation);
    if (!found_.empty()) { report_found(waiting.key, *flow, watched, out); }
    if (std::holds_alternative<Conversation>(watched.conversation)) {
      settle({.key = &waiting.key, .flow = flow}, watched, out);
    } else {
      note_waiting(waiting.key, *flow, watched, out);
    }
  }
  tunnels_ = nullptr;
}

void FlowWorker::on_keys(FrameNumber last, Reports& out) {
  order_ = {.frame = last, .phase = ReportOrder::Phase::kTick, .flow = {}};
  read_waiting([this](auto& talk) { talk.on_keys(found_); }, out);
}

/// What has waited for too long.
void FlowWorker::release_waiting(Instant at, Reports& out) {
  read_waiting([&](auto& talk) { talk.on_time(at.time, found_); }, out);
}

/// No key will be of use any more to a flow that has ended.
void FlowWorker::read_waiting_as_it_is(const capture::EndedFlow& ended, Watched& watched,
                                       Reports& out) {
  const auto id = to_number(ended.flow.id);
  const auto* waiting = waiting_.find(id);
  if (waiting == nullptr) { return; }
  const auto tunnels = waiting->tunnels;
  tunnels_ = &tunnels;
  waiting_.forget(id);
  std::visit([this](auto& talk) { talk.stop_waiting(found_); }, watched.conversation);
  if (!found_.empty()) { report_found(ended.key, ended.flow, watched, out); }
  tunnels_ = nullptr;
}

}  // namespace remora::pipeline
