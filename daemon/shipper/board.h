#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "daemon/settings/capture.h"
#include "daemon/shipper/interface_losses.h"
#include "daemon/watch/answer.h"
#include "daemon/watch/figures.h"
#include "remora/internal/v1/processes.pb.h"

namespace remora::shipper {

/// What the daemon says of itself: everything that the admin server shows, as it was last.
class Board {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Board(std::string version);

  /// Of interfaces those that are `known`, which the configuration names.
  void take(const internal::v1::Counters& counters, const std::vector<settings::Interface>& known,
            Clock::time_point now);
  void count_event(const std::string& kind) { ++figures_.events[kind]; }
  void count_reload(bool taken) { ++(taken ? figures_.reloads_done : figures_.reloads_refused); }
  /// Why events cannot be spooled; empty: they can.
  void spool_problem(std::string problem) { spool_problem_ = std::move(problem); }
  /// For what only the caller knows: outputs, spool, sessions.
  [[nodiscard]] watch::Figures& figures() { return figures_; }

  /// The sensor has to wait for the spool: that it says nothing is no wonder.
  void sensor_waits(bool waits) { sensor_waits_ = waits; }
  /// The sensor was heard of within the last ten seconds, or has to wait.
  [[nodiscard]] bool hears_sensor(Clock::time_point now) const;
  [[nodiscard]] watch::Verdict healthy(Clock::time_point now) const;
  [[nodiscard]] watch::Verdict ready(Clock::time_point now) const;
  /// Frames that the interfaces lost.
  [[nodiscard]] std::uint64_t lost_by_interfaces() const;
  [[nodiscard]] unsigned interfaces() const;
  [[nodiscard]] unsigned capturing() const;

 private:
  InterfaceLosses losses_;
  watch::Figures figures_;
  Clock::time_point heard_{};
  bool heard_ever_{false};
  bool sensor_waits_{false};
  std::string spool_problem_;
};

}  // namespace remora::shipper
