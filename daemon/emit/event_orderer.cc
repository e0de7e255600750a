#include "daemon/emit/event_orderer.h"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

namespace remora::emit {
namespace {

constexpr std::size_t kOverheadBytes = 2048;

/// No frame comes behind all frames.
std::uint64_t place_of(FrameNumber frame) {
  return frame == FrameNumber{} ? std::numeric_limits<std::uint64_t>::max() : to_number(frame);
}

}  // namespace

bool EventOrderer::later(const Held& a, const Held& b) {
  return std::tuple{a.at.time, place_of(a.at.frame), a.arrival} >
         std::tuple{b.at.time, place_of(b.at.frame), b.arrival};
}

void EventOrderer::add(Instant at, std::unique_ptr<v1::Event> event) {
  // Not what it occupies, which differs between machines, but what it says and a share for the
  // rest.
  const auto bytes = event->ByteSizeLong() + kOverheadBytes;
  held_bytes_ += bytes;
  heap_.push_back({.at = at, .arrival = arrivals_++, .bytes = bytes, .event = std::move(event)});
  std::ranges::push_heap(heap_, later);
}

std::unique_ptr<v1::Event> EventOrderer::next(bool flush) {
  if (heap_.empty() || (!flush && held_bytes_ <= max_bytes_)) { return nullptr; }
  std::ranges::pop_heap(heap_, later);
  auto event = std::move(heap_.back().event);
  held_bytes_ -= heap_.back().bytes;
  heap_.pop_back();
  return event;
}

}  // namespace remora::emit
