#include "daemon/outputs/otlp/output.h"

#include <algorithm>
#include <chrono>

#include "daemon/outputs/otlp/encoder.h"

namespace remora::outputs::otlp {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// Beyond any batch.
constexpr std::size_t kMostAtOnce = std::size_t{1} << 20U;

}  // namespace

OtlpOutput::OtlpOutput(Config config)
    : config_{std::move(config)}, sender_{config_, REMORA_VERSION}, at_once_{kMostAtOnce} {}

Judgement OtlpOutput::deliver(std::span<const delivery::Parcel> parcels, milliseconds patience) {
  const auto now = std::chrono::system_clock::now();
  encode(parcels, {.body = config_.body, .version = REMORA_VERSION, .observed = now}, request_);
  const auto answer = sender_.post(request_, patience);
  const Sent sent{.records = parcels.size(), .bytes = request_.size(), .known = known_};
  return config_.protocol == Protocol::kGrpc
             ? judge_grpc(answer, sent)
             : judge_http(answer, sent, std::chrono::system_clock::now());
}

delivery::Outcome OtlpOutput::send(std::span<const delivery::Parcel> batch) {
  delivery::Outcome outcome;
  const auto tell = [&](const std::string& problem) {
    if (!problem.empty()) { outcome.problem = config_.url + ": " + problem; }
  };
  const auto deadline = steady_clock::now() + config_.timeout;
  bool cut = false;
  while (outcome.taken < batch.size()) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
    if (left <= milliseconds{0}) {
      tell("not all of a batch that was cut was taken in time");
      return outcome;
    }
    const auto count = std::min(at_once_, batch.size() - outcome.taken);
    const auto judgement = deliver(batch.subspan(outcome.taken, count), left);
    tell(judgement.problem);
    switch (judgement.verdict) {
      case Verdict::kTaken:
        known_ = true;
        outcome.taken += count;
        outcome.refused += static_cast<std::size_t>(judgement.rejected);
        break;
      case Verdict::kRefused:
        outcome.taken += count;
        outcome.refused += count;
        break;
      case Verdict::kTooLarge:
        cut = true;
        at_once_ = std::max<std::size_t>(count / 2, 1);
        if (count == 1) {
          ++outcome.taken;
          ++outcome.refused;
        }
        break;
      case Verdict::kKept:
        outcome.retry_after = judgement.retry_after;
        return outcome;
    }
  }
  if (outcome.refused == 0) { outcome.problem.clear(); }
  if (!cut) { at_once_ = std::min(at_once_ + at_once_ / 4 + 1, kMostAtOnce); }
  return outcome;
}

}  // namespace remora::outputs::otlp
