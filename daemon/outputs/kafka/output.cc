#include "daemon/outputs/kafka/output.h"

#include <utility>

#include "daemon/outputs/kafka/problem.h"
#include "daemon/outputs/kafka/record.h"

namespace remora::outputs::kafka {
namespace {

using Fate = Report::Fate;

/// Refused for itself: not together with others, of which one may be to blame.
bool is_refused(const Report& report, std::size_t sent_together) {
  const bool alone = report.fate == Fate::kNotProduced || sent_together == 1;
  return alone && is_refusal(report.error);
}

/// The error says no more than that there is no report.
bool says_nothing(const Report& report) {
  switch (report.error) {
    case RD_KAFKA_RESP_ERR_NO_ERROR:
    case RD_KAFKA_RESP_ERR__FATAL:
    case RD_KAFKA_RESP_ERR__PURGE_QUEUE:
    case RD_KAFKA_RESP_ERR__PURGE_INFLIGHT:
    case RD_KAFKA_RESP_ERR__QUEUE_FULL:
      return true;
    default:
      return false;
  }
}

}  // namespace

KafkaOutput::KafkaOutput(Config config) : config_{std::move(config)} {}

delivery::Outcome KafkaOutput::send(std::span<const delivery::Parcel> batch) {
  const auto deadline = std::chrono::steady_clock::now() + config_.timeout;
  delivery::Outcome outcome;
  while (outcome.taken < batch.size()) {
    const auto rest = batch.subspan(outcome.taken);
    const auto step = rest.front().number <= careful_until_ ? rest.first(1) : rest;
    const auto careful_before = careful_until_;
    // INVARIANT: a step that was refused as a whole begins behind careful_until_, so that this
    // grows and the next step is smaller.
    if (!deliver(step, deadline, outcome) && careful_until_ == careful_before) { break; }
  }
  return outcome;
}

bool KafkaOutput::deliver(std::span<const delivery::Parcel> step, Deadline deadline,
                          delivery::Outcome& outcome) {
  if (producer_ == nullptr) {
    std::string detail;
    producer_ = Producer::make(config_, detail);
    if (producer_ == nullptr) {
      outcome.problem = problem_text(config_, RD_KAFKA_RESP_ERR__INVALID_ARG, detail);
      return false;
    }
  }
  produce(step, deadline);
  producer_->wait(deadline);

  const auto taken = count(step, outcome);
  if (taken < step.size() || producer_->broken()) { producer_.reset(); }
  return taken == step.size();
}

void KafkaOutput::produce(std::span<const delivery::Parcel> step, Deadline deadline) {
  producer_->forget_complaint();
  reports_.assign(step.size(), {});
  for (std::size_t i = 0; i < step.size(); ++i) {
    producer_->produce(make_record(step[i], config_.format), reports_[i], deadline);
    // What comes behind must not overtake it.
    if (reports_[i].fate == Fate::kNotProduced && !is_refusal(reports_[i].error)) { break; }
  }
}

std::size_t KafkaOutput::count(std::span<const delivery::Parcel> step, delivery::Outcome& outcome) {
  std::size_t taken = 0;
  for (; taken < step.size(); ++taken) {
    const auto& report = reports_[taken];
    if (report.fate == Fate::kDelivered) { continue; }
    outcome.problem = why(report);
    if (!is_refused(report, step.size())) { break; }
    ++outcome.refused;
  }
  outcome.taken += taken;

  for (auto i = taken; i < step.size(); ++i) {
    const auto& report = reports_[i];
    if (report.fate == Fate::kFailed && is_refusal(report.error) && step.size() > 1) {
      careful_until_ = step[i].number;
    }
  }
  return taken;
}

std::string KafkaOutput::why(const Report& report) const {
  if (!says_nothing(report)) { return problem_text(config_, report.error, {}); }
  if (producer_->complaint() == RD_KAFKA_RESP_ERR_NO_ERROR) {
    return problem_text(config_, RD_KAFKA_RESP_ERR__TIMED_OUT, {});
  }
  return problem_text(config_, producer_->complaint(), producer_->complaint_text());
}

}  // namespace remora::outputs::kafka
