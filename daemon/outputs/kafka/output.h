#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "daemon/delivery/output.h"
#include "daemon/outputs/kafka/config.h"
#include "daemon/outputs/kafka/producer.h"

namespace remora::outputs::kafka {

/// Sends events to a topic. An event is taken once its delivery report says that all replicas in
/// sync have it.
///
/// A batch that does not go through whole takes its producer with it: nothing of it can arrive
/// behind what is sent later, and its reports go nowhere. What had no report is sent again, so it
/// may be in the topic twice, and the first of each stand in order.
class KafkaOutput final : public delivery::Output {
 public:
  explicit KafkaOutput(Config config);

  [[nodiscard]] delivery::Outcome send(std::span<const delivery::Parcel> batch) override;
  void reopen() override { producer_.reset(); }

 private:
  using Deadline = std::chrono::steady_clock::time_point;

  /// Sends one step of a batch and adds to `outcome`. Whether all of it was taken.
  [[nodiscard]] bool deliver(std::span<const delivery::Parcel> step, Deadline deadline,
                             delivery::Outcome& outcome);
  void produce(std::span<const delivery::Parcel> step, Deadline deadline);
  /// Adds the front of `step` that was taken; how much it is.
  [[nodiscard]] std::size_t count(std::span<const delivery::Parcel> step,
                                  delivery::Outcome& outcome);
  [[nodiscard]] std::string why(const Report& report) const;

  Config config_;
  std::uint64_t careful_until_{0};  ///< events up to this number are sent one by one
  std::vector<Report> reports_;     // INVARIANT: not touched while producer_ owes any of them
  std::unique_ptr<Producer> producer_;
};

}  // namespace remora::outputs::kafka
