#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "daemon/delivery/backoff.h"
#include "daemon/delivery/output.h"
#include "daemon/delivery/route.h"
#include "daemon/spool/spool.h"
#include "daemon/spool/spool_reader.h"

namespace remora::delivery {

using Clock = std::chrono::steady_clock;

/// What an output did since it was opened.
struct Progress {
  std::uint64_t sent{0};      ///< events that the receiver has
  std::uint64_t refused{0};   ///< events that the receiver refused for good
  std::uint64_t skipped{0};   ///< events that the output does not want
  std::uint64_t failures{0};  ///< batches that were not taken whole, tries counted
  std::string problem;        ///< why the last of them was not; empty when the last one was
  /// What the operator should know, in order. LIMIT: the first hundred.
  std::vector<std::string> notices;
};

/// Carries the events of the spool to one output. `step` by one thread, the rest by any.
class Courier {
 public:
  /// `spool` must outlive the courier and know the output by the route's name. `seed` for pauses.
  Courier(Route route, std::unique_ptr<Output> output, spool::Spool& spool,
          spool::SpoolReader reader, std::uint32_t seed);

  /// Sends a batch if one is due at `now`; `hurry`: also one that is not full yet. Gives how long
  /// nothing will be due, unless there are new events behind `read_up_to`.
  [[nodiscard]] std::chrono::milliseconds step(Clock::time_point now, bool hurry);
  /// The last event of the spool that it has looked at.
  [[nodiscard]] std::uint64_t read_up_to() const { return read_up_to_; }
  /// It waits because something failed: new events change nothing.
  [[nodiscard]] bool pausing(Clock::time_point now) const { return now < pause_until_; }

  void reopen() { output_->reopen(); }
  [[nodiscard]] const std::string& name() const { return route_.name; }
  [[nodiscard]] Progress progress() const;

 private:
  void fill(Clock::time_point now);
  void send(Clock::time_point now);
  void drop_front(const Outcome& outcome);
  void fail(Clock::time_point now, std::string problem,
            std::optional<std::chrono::milliseconds> asked);

  Route route_;
  std::unique_ptr<Output> output_;
  spool::Spool* spool_;
  spool::SpoolReader reader_;
  Backoff backoff_;
  std::vector<Parcel> batch_;  ///< read, wanted, not taken yet
  std::size_t batch_bytes_{0};
  Clock::time_point oldest_{};  ///< when the first of them was read
  std::uint64_t read_up_to_;
  Clock::time_point pause_until_{};
  mutable std::mutex mutex_;
  Progress progress_;  ///< guarded by `mutex_`
};

}  // namespace remora::delivery
