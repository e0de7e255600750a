#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "daemon/delivery/delivery.h"
#include "daemon/spool/spool.h"

namespace remora::shipper {

/// The outputs that run now. Changing them waits for the batches that are on their way, on a thread
/// of its own: events go into the spool meanwhile.
class Outputs {
 public:
  /// `spool` outlives the outputs and knows them by name.
  [[nodiscard]] static tl::expected<std::unique_ptr<Outputs>, std::string> start(
      std::vector<delivery::Destination> destinations, spool::Spool& spool);

  Outputs(const Outputs&) = delete;
  Outputs& operator=(const Outputs&) = delete;
  Outputs(Outputs&&) = delete;
  Outputs& operator=(Outputs&&) = delete;
  ~Outputs();

  /// Whether a change is under way.
  [[nodiscard]] bool changing() const { return changing_; }
  /// From soon on these are the outputs; `done`, perhaps on another thread, hears why not: then
  /// none runs any more. Only while nothing is changing, and some run.
  void replace(std::vector<delivery::Destination> destinations,
               const std::function<void(const std::string& problem)>& done);
  /// Files and connections are opened anew.
  void reopen();
  /// Waits until all is delivered, for so long at most. Whether it is.
  [[nodiscard]] bool drain(std::chrono::milliseconds patience);

  /// Of each output what it did since it was first started; of problems and notices those that
  /// have not been given before.
  [[nodiscard]] std::vector<std::pair<std::string, delivery::Progress>> progress();

 private:
  explicit Outputs(spool::Spool& spool) : spool_{&spool} {}
  void wait_for_change();
  [[nodiscard]] std::string change(std::unique_ptr<delivery::Delivery> old,
                                   std::vector<delivery::Destination> destinations);

  spool::Spool* spool_;
  std::mutex mutex_;  ///< guards `delivery_`, null while it is changed
  std::unique_ptr<delivery::Delivery> delivery_;
  std::map<std::string, delivery::Progress> before_;  ///< what outputs did that ran before
  std::map<std::string, std::string> told_problems_;  ///< by output
  std::map<std::string, std::size_t> told_notices_;   ///< of the delivery that runs
  std::thread change_;
  std::atomic<bool> changing_{false};
};

}  // namespace remora::shipper
