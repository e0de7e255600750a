#include "capture/live/frame_merger.h"

#include <algorithm>
#include <utility>

namespace remora::capture {

FrameMerger::FrameMerger(std::size_t interfaces, const MergeSettings& settings, Take take)
    : settings_{settings}, take_{std::move(take)}, lanes_(interfaces) {}

void FrameMerger::set_open(std::size_t interface, bool open) {
  auto& lane = lanes_.at(interface);
  // What it showed before it was away says nothing of what it will show.
  if (open && !lane.open) { lane.shown.reset(); }
  lane.open = open;
}

void FrameMerger::push(std::size_t interface, const Frame& frame, LoopTime now) {
  auto& lane = lanes_.at(interface);
  // The last one, not the latest: after a step of the clock backwards, what the lane showed before
  // it must not let others pass.
  lane.shown = frame.at.time;
  if (held_frames_ == 0 && all_have_shown(frame.at.time, interface)) {
    take_(interface, frame);
    return;
  }
  lane.queue.push(frame, now);
  ++held_frames_;
  held_bytes_ += FrameQueue::cost(frame);
  settle(now);
}

void FrameMerger::release(LoopTime now) {
  settle(now);
}

void FrameMerger::flush() {
  while (held_frames_ > 0) { let_go(earliest()); }
}

bool FrameMerger::all_have_shown(Moment time, std::size_t but) const {
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    const auto& lane = lanes_[i];
    if (i == but || !lane.open || !lane.queue.empty()) { continue; }
    if (!lane.shown.has_value() || *lane.shown < time) { return false; }
  }
  return true;
}

std::size_t FrameMerger::earliest() const {
  std::size_t best = lanes_.size();
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    if (lanes_[i].queue.empty()) { continue; }
    if (best == lanes_.size() ||
        lanes_[i].queue.front().at.time < lanes_[best].queue.front().at.time) {
      best = i;
    }
  }
  return best;
}

bool FrameMerger::any_waited_enough(LoopTime now) const {
  return std::ranges::any_of(lanes_, [&](const Lane& lane) {
    return !lane.queue.empty() && now - lane.queue.front_arrived() >= settings_.hold;
  });
}

void FrameMerger::settle(LoopTime now) {
  while (held_frames_ > 0) {
    const auto next = earliest();
    const bool goes = held_bytes_ > settings_.limit_bytes ||
                      all_have_shown(lanes_[next].queue.front().at.time, next) ||
                      any_waited_enough(now);
    if (!goes) { return; }
    let_go(next);
  }
}

void FrameMerger::let_go(std::size_t interface) {
  auto& queue = lanes_[interface].queue;
  --held_frames_;
  held_bytes_ -= FrameQueue::cost(queue.front());
  take_(interface, queue.front());
  queue.pop();
}

}  // namespace remora::capture
