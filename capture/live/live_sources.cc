#include "capture/live/live_sources.h"

#include <algorithm>
#include <thread>
#include <tuple>
#include <utility>

namespace remora::capture {
namespace {

constexpr std::size_t kMostNews = 100;  // LIMIT
constexpr std::size_t kAtOnce = 1024;   // frames
constexpr std::chrono::seconds kDrainNoLonger{5};

/// When the kernel has given all that came before. It looks at a block once in `timeout`, and gives
/// a partly filled one when it finds it for the second time (af_packet.c,
/// prb_retire_rx_blk_timer_expired); the rest is for a machine that is busy.
std::chrono::milliseconds lateness(const LiveSettings& settings) {
  return 2 * settings.timeout + std::chrono::milliseconds{50};
}

}  // namespace

LiveSources::LiveSources(std::vector<LiveSettings> interfaces, const MergeSettings& merge,
                         Take take)
    : take_{std::move(take)},
      merger_{interfaces.size(), merge, [this](std::size_t slot, const Frame& frame) {
                ++slots_[slot].delivered;
                slots_[slot].delivered_bytes += frame.wire_bytes;
                take_(frame);
              }} {
  for (auto& settings : interfaces) { slots_.emplace_back().settings = std::move(settings); }
}

void LiveSources::tick(LoopTime now) {
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    auto& slot = slots_[i];
    if (slot.leaving != nullptr && now >= slot.leaves_at) { close_leaving(slot); }
    if (slot.current != nullptr) {
      std::ignore = slot.current->counts();
      // A busy interface is never found without frames, so this is not left to reading.
      note(i, slot.current->state(), now);
    }
    if (slot.current == nullptr) { open(i); }
  }
  merger_.release(now);
}

void LiveSources::open(std::size_t slot) {
  auto& place = slots_[slot];
  auto opened = LiveInterface::open(place.settings);
  if (!opened.has_value()) {
    set_away(slot, std::move(opened.error().reason));
    return;
  }
  place.current = std::move(*opened);
  set_up(slot);
}

ReadState LiveSources::read_from(std::size_t slot, LiveInterface& interface, std::size_t most,
                                 LoopTime now) {
  return interface.read([&](const Frame& frame) { merger_.push(slot, frame, now); }, most);
}

bool LiveSources::read(std::size_t most, LoopTime now) {
  bool more = false;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    auto& slot = slots_[i];
    if (slot.leaving != nullptr) {
      more |= read_from(i, *slot.leaving, most, now) == ReadState::kSome;
    }
    if (slot.current != nullptr) {
      const auto state = read_from(i, *slot.current, most, now);
      more |= state == ReadState::kSome;
      note(i, state, now);
    }
  }
  merger_.release(now);
  return more;
}

void LiveSources::note(std::size_t slot, ReadState state, LoopTime now) {
  auto& place = slots_[slot];
  switch (state) {
    case ReadState::kSome:  // may be what was left in the ring of one that is down
      return;
    case ReadState::kNone:
      if (!place.up) { set_up(slot); }
      return;
    case ReadState::kDown:
      set_away(slot, place.settings.interface + ": is down");
      return;
    case ReadState::kGone:
      set_away(slot, place.settings.interface + ": there is no such interface");
      break;
    case ReadState::kFailed:
      set_away(slot, place.current->problem());
      break;
  }
  if (place.leaving != nullptr) { close_leaving(place); }  // LIMIT: two rings
  place.leaving = std::move(place.current);
  place.leaves_at = now + lateness(place.settings);
}

void LiveSources::close_leaving(Slot& slot) {
  slot.before += slot.leaving->counts();
  slot.leaving.reset();
}

void LiveSources::set_up(std::size_t slot) {
  auto& place = slots_[slot];
  place.up = true;
  place.problem.clear();
  merger_.set_open(slot, true);
  tell(place.settings.interface + ": captures");
}

void LiveSources::set_away(std::size_t slot, std::string problem) {
  auto& place = slots_[slot];
  place.up = false;
  merger_.set_open(slot, false);
  if (place.problem == problem) { return; }
  place.problem = std::move(problem);
  tell(place.problem);
}

void LiveSources::tell(std::string news) {
  if (news_.size() < kMostNews) { news_.push_back(std::move(news)); }
}

void LiveSources::drain(LoopTime now) {
  std::chrono::milliseconds longest{0};
  for (const auto& slot : slots_) {
    if (slot.current == nullptr && slot.leaving == nullptr) { continue; }
    longest = std::max(longest, lateness(slot.settings));
  }
  std::this_thread::sleep_for(longest);
  // Traffic does not stop for us.
  const auto end = LoopTime::clock::now() + kDrainNoLonger;
  while (read(kAtOnce, now) && LoopTime::clock::now() < end) {}
  merger_.flush();
}

std::vector<platform::Waitable> LiveSources::descriptors() const {
  std::vector<platform::Waitable> all;
  for (const auto& slot : slots_) {
    if (slot.current != nullptr) { all.push_back(slot.current->descriptor()); }
  }
  return all;
}

std::chrono::milliseconds LiveSources::patience() const {
  const bool busy = merger_.holds_any() || std::ranges::any_of(slots_, [](const Slot& slot) {
                      return slot.leaving != nullptr;
                    });
  return std::chrono::milliseconds{busy ? 50 : 1000};
}

std::size_t LiveSources::capturing() const {
  return static_cast<std::size_t>(std::ranges::count_if(slots_, &Slot::up));
}

std::vector<InterfaceStatus> LiveSources::status() {
  std::vector<InterfaceStatus> all;
  for (auto& slot : slots_) {
    auto counts = slot.before;
    for (const auto* interface : {&slot.leaving, &slot.current}) {
      if (*interface != nullptr) { counts += (*interface)->counts(); }
    }
    all.push_back({.interface = slot.settings.interface,
                   .capturing = slot.up,
                   .problem = slot.problem,
                   .counts = counts,
                   .delivered = slot.delivered,
                   .delivered_bytes = slot.delivered_bytes});
  }
  return all;
}

std::vector<std::string> LiveSources::take_news() {
  return std::exchange(news_, {});
}

}  // namespace remora::capture
