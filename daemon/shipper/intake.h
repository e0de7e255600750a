#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "daemon/publish/publisher.h"
#include "daemon/shipper/open_sessions.h"
#include "daemon/spool/spool.h"
#include "remora/v1/event.pb.h"

namespace remora::shipper {

/// Events on their way into the spool. Sessions that are open are known there, so that they can be
/// closed after a crash.
class Intake {
 public:
  explicit Intake(spool::Spool& spool) : spool_{&spool} {}

  /// Closes the sessions that an earlier run, or the sensor that died, left open, as `publisher`
  /// wants them told now. How many.
  [[nodiscard]] tl::expected<std::size_t, std::string> close_what_was_left(
      const publish::Publisher& publisher);
  /// Holds the event until `settle`.
  void add(const v1::Event& event);
  /// Puts what is held into the spool, as far as it takes it. Why not all, or why some was given
  /// up; empty: all is on the disk.
  [[nodiscard]] std::string settle();
  /// How many events are held.
  [[nodiscard]] std::size_t held() const { return held_.size(); }
  /// LIMIT: beyond 20,000 events or 64 MiB whoever adds them should wait for the spool.
  [[nodiscard]] bool is_full() const {
    return held_.size() >= kMostHeld || held_bytes_ >= kMostHeldBytes;
  }

  [[nodiscard]] const OpenSessions& open_sessions() const { return open_sessions_; }

 private:
  static constexpr std::size_t kMostHeld = 20'000;
  static constexpr std::size_t kMostHeldBytes = std::size_t{64} << 20U;

  spool::Spool* spool_;
  OpenSessions open_sessions_;
  std::vector<spool::Spoolable> held_;
  std::size_t held_bytes_{0};
};

}  // namespace remora::shipper
