#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <tl/expected.hpp>

#include "daemon/delivery/courier.h"
#include "daemon/delivery/output.h"
#include "daemon/delivery/route.h"
#include "daemon/spool/spool.h"

namespace remora::delivery {

/// An output and what is common to all.
struct Destination {
  Route route;
  std::unique_ptr<Output> output;
};

/// Runs all outputs, each on a thread of its own, from its making to its end.
class Delivery {
 public:
  /// `spool` must outlive the delivery, and know all routes' names.
  [[nodiscard]] static tl::expected<std::unique_ptr<Delivery>, std::string> start(
      std::vector<Destination> destinations, spool::Spool& spool);

  Delivery(const Delivery&) = delete;
  Delivery& operator=(const Delivery&) = delete;
  Delivery(Delivery&&) = delete;
  Delivery& operator=(Delivery&&) = delete;
  /// Ends the threads once the batches on their way are through; what is left stays in the spool.
  ~Delivery();

  /// Waits until every output has every event of the spool, at most `patience`; batches no longer
  /// wait to be full from here on. Whether they have.
  [[nodiscard]] bool drain(std::chrono::milliseconds patience);
  /// Ends the threads as the destructor does. What outputs did until then.
  std::vector<std::pair<std::string, Progress>> stop();
  /// Every output opens its files or connections anew after the batch on its way.
  void reopen();
  /// Of each output, its name and what it did.
  [[nodiscard]] std::vector<std::pair<std::string, Progress>> progress() const;

 private:
  /// A courier and its thread.
  struct Run {
    std::unique_ptr<Courier> courier;
    std::atomic<bool> reopen{false};
    std::thread thread{};
  };
  explicit Delivery(spool::Spool& spool) : spool_{&spool} {}
  void run(Run& run);

  spool::Spool* spool_;
  std::atomic<bool> hurry_{false};
  std::atomic<bool> stop_{false};
  std::vector<std::unique_ptr<Run>> runs_;
};

}  // namespace remora::delivery
