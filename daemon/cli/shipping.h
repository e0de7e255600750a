#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daemon/delivery/delivery.h"
#include "daemon/routes/routes.h"
#include "daemon/spool/spool.h"
#include "remora/v1/event.pb.h"

namespace remora::cli {

/// A run's events on their way into the spool, and from there to the outputs.
class Shipping {
 public:
  /// Opens the spool and starts the outputs, which begin with what an earlier run left there. Null
  /// when it could not; the reason was told.
  [[nodiscard]] static std::unique_ptr<Shipping> start(routes::Routes routes);

  /// Takes an event. Waits while the spool is full, as long as outputs make it emptier.
  void add(const v1::Event& event);
  /// Waits until every output has every event, as long as they come further. False when something
  /// was lost, or is left in the spool; what and why was told.
  [[nodiscard]] bool finish();

  /// An event could not be spooled, which was told: going on would lose more.
  [[nodiscard]] bool failed() const { return failed_; }
  /// Of each output what it did, in counts by name; what waits for it may be of kinds that it does
  /// not want.
  [[nodiscard]] std::map<std::string, std::map<std::string, std::uint64_t>> counts() const;
  /// Events that had no room in the spool in this run, by kind.
  [[nodiscard]] std::map<std::string, std::uint64_t> given_up() const;

 private:
  Shipping(std::unique_ptr<spool::Spool> spool, std::chrono::milliseconds drain)
      : spool_{std::move(spool)}, given_up_before_{spool_->given_up()}, drain_{drain} {}
  void spool();
  void tell_what_is_left() const;
  /// What happened meanwhile. False: some events are lost.
  [[nodiscard]] bool tell_what_was_lost() const;
  [[nodiscard]] std::uint64_t came_how_far() const;

  std::unique_ptr<spool::Spool> spool_;
  std::map<std::string, std::uint64_t> given_up_before_;  ///< this run, by kind
  std::unique_ptr<delivery::Delivery> delivery_;
  std::chrono::milliseconds drain_;
  std::vector<spool::Spoolable> held_;  ///< not in the spool yet
  bool failed_{false};
};

}  // namespace remora::cli
