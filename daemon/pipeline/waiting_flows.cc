#include "daemon/pipeline/waiting_flows.h"

namespace remora::pipeline {

bool WaitingFlows::note(const Waiting& flow, const Conversation::Held& held) {
  if (!held.waits) {
    forget(flow.id);
    return true;
  }
  auto& entry = flows_[flow.id];
  entry.flow = flow;
  bytes_ = bytes_ - entry.bytes + held.bytes;
  entry.bytes = held.bytes;
  return bytes_ <= (held.what == HeldBack::kSession ? kMaxBytes : kMaxBytes / 2);
}

void WaitingFlows::forget(std::uint64_t id) {
  const auto known = flows_.find(id);
  if (known == flows_.end()) { return; }
  bytes_ -= known->second.bytes;
  flows_.erase(known);
}

const WaitingFlows::Waiting* WaitingFlows::find(std::uint64_t id) const {
  const auto known = flows_.find(id);
  return known == flows_.end() ? nullptr : &known->second.flow;
}

std::vector<WaitingFlows::Waiting> WaitingFlows::all() const {
  std::vector<Waiting> all;
  all.reserve(flows_.size());
  for (const auto& [id, entry] : flows_) { all.push_back(entry.flow); }
  return all;
}

}  // namespace remora::pipeline
