#pragma once

#include <deque>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "daemon/delivery/output.h"

namespace remora::delivery {

/// A receiver whose answers the test gives; without one left it takes everything.
class Receiver {
 public:
  void will_answer(Outcome outcome) {
    const std::lock_guard lock{mutex_};
    answers_.push_back(std::move(outcome));
  }
  [[nodiscard]] Outcome receive(std::span<const Parcel> batch) {
    const std::lock_guard lock{mutex_};
    batches_.push_back(batch.size());
    Outcome outcome{.taken = batch.size(), .refused = 0, .problem = {}, .retry_after = {}};
    if (!answers_.empty()) {
      outcome = std::move(answers_.front());
      answers_.pop_front();
    }
    for (std::size_t index = 0; index < outcome.taken; ++index) {
      ids_.push_back(batch[index].event.event_id());
    }
    return outcome;
  }
  void note_reopen() {
    const std::lock_guard lock{mutex_};
    ++reopened_;
  }
  [[nodiscard]] std::vector<std::string> ids() const {
    const std::lock_guard lock{mutex_};
    return ids_;
  }
  [[nodiscard]] std::vector<std::size_t> batches() const {
    const std::lock_guard lock{mutex_};
    return batches_;
  }
  [[nodiscard]] int reopened() const {
    const std::lock_guard lock{mutex_};
    return reopened_;
  }

 private:
  mutable std::mutex mutex_;
  std::deque<Outcome> answers_;
  std::vector<std::string> ids_;
  std::vector<std::size_t> batches_;
  int reopened_{0};
};

class ScriptedOutput final : public Output {
 public:
  explicit ScriptedOutput(Receiver& receiver) : receiver_{&receiver} {}
  Outcome send(std::span<const Parcel> batch) override { return receiver_->receive(batch); }
  void reopen() override { receiver_->note_reopen(); }

 private:
  Receiver* receiver_;
};

}  // namespace remora::delivery
