#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "capture/base/frame.h"
#include "remora/v1/event.pb.h"

namespace remora::emit {

/// Puts events into the order of their time, then frame, then arrival. They arrive a little out of
/// it: a session is only known to be over some time after its last packet, and captures may step
/// back in time. What no frame shows comes behind all frames of its time: a session that had to
/// make room after one packet is closed at the time at which it was opened.
///
/// LIMIT: holds `max_bytes` of events; when more arrive, the earliest go out. Order is exact as
/// long as no event is late by more than that.
class EventOrderer {
 public:
  explicit EventOrderer(std::size_t max_bytes = 32U << 20U) : max_bytes_{max_bytes} {}

  void add(Instant at, std::unique_ptr<v1::Event> event);

  /// The earliest event that may go out: because too much is held, or because `flush`. Null when
  /// there is none.
  [[nodiscard]] std::unique_ptr<v1::Event> next(bool flush = false);

  [[nodiscard]] std::size_t held_bytes() const { return held_bytes_; }

 private:
  struct Held {
    Instant at;
    std::uint64_t arrival;
    std::size_t bytes;
    std::unique_ptr<v1::Event> event;
  };
  [[nodiscard]] static bool later(const Held& a, const Held& b);

  std::size_t max_bytes_;
  std::size_t held_bytes_{0};
  std::uint64_t arrivals_{0};
  std::vector<Held> heap_;  ///< earliest in front
};

}  // namespace remora::emit
