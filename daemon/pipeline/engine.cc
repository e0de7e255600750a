#include "daemon/pipeline/engine.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <variant>

namespace remora::pipeline {
namespace {

/// In the order of capture::Unwrapped; the first is no drop, nor is the last.
constexpr std::array kUnwrappedNames{
    "",
    "not_ip",
    "truncated_header",
    "bad_header",
    "fragment_waiting",
    "fragment_dropped",
    "not_tcp_or_udp",
    "unsupported_link",
    "nested_too_deep",
    "icmp_error",
};
static_assert(kUnwrappedNames.size() == capture::kUnwrappedKinds);

}  // namespace

void Engine::on_frame(const Frame& frame, std::vector<session::SessionEvent>& out) {
  if (counts_.frames++ == 0) { counts_.first = counts_.last = frame.at.time; }
  counts_.wire_bytes += frame.wire_bytes;
  counts_.last = std::max(counts_.last, frame.at.time);
  tracker_.advance(frame.at.time, out);
  if (decapsulator_.next(frame, packet_) != capture::Unwrapped::kPacket) { return; }
  worker_.on_packet(packet_, reports_);
  if (!reports_.empty()) { hand_to_tracker(out); }
}

void Engine::finish(std::vector<session::SessionEvent>& out) {
  worker_.finish(reports_);
  hand_to_tracker(out);
  tracker_.finish(out);
}

std::map<std::string, std::uint64_t> Engine::drops() const {
  std::map<std::string, std::uint64_t> drops;
  for (std::size_t kind = 1; kind < kUnwrappedNames.size(); ++kind) {
    if (capture::Unwrapped{static_cast<std::uint8_t>(kind)} == capture::Unwrapped::kIcmpError) {
      continue;
    }
    const auto count = decapsulator_.count(static_cast<capture::Unwrapped>(kind));
    if (count > 0) { drops[kUnwrappedNames.at(kind)] = count; }
  }
  if (flows().evicted() > 0) { drops["flow_evicted"] = flows().evicted(); }
  return drops;
}

void Engine::hand_to_tracker(std::vector<session::SessionEvent>& out) {
  for (const auto& report : reports_) {
    if (const auto* finding = std::get_if<Finding>(&report.what)) {
      tracker_.observe(report.flow, *finding, out);
    } else if (const auto* still_open = std::get_if<StillOpen>(&report.what)) {
      tracker_.still_open(report.flow, still_open->at, out);
    } else if (const auto* closure = std::get_if<FlowClosure>(&report.what)) {
      tracker_.flow_closed(report.flow, *closure, out);
    }
  }
  reports_.clear();
}

}  // namespace remora::pipeline
