#include "daemon/outputs/store/output.h"

#include <chrono>
#include <vector>

namespace remora::outputs::store {
namespace {

/// Removed after a batch: more than the batch can have added, little enough not to hold up the
/// next.
constexpr int kTrimSteps = 4;

std::int64_t now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

delivery::Outcome StoreOutput::send(std::span<const delivery::Parcel> batch) {
  delivery::Outcome outcome;
  if (!store_.has_value()) {
    auto opened =
        remora::store::Store::open(config_.path, {.retention = config_.retention, .durable = true});
    if (!opened.has_value()) {
      outcome.problem = opened.error();
      return outcome;
    }
    store_ = std::move(*opened);
    outcome.notice = store_->notice();
  }
  std::vector<remora::store::Entry> entries;
  entries.reserve(batch.size());
  for (const auto& parcel : batch) {
    entries.push_back({.event = &parcel.event, .bytes = parcel.bytes});
  }
  const auto added = store_->add(entries);
  if (!added.has_value()) {
    outcome.problem = added.error().text;
    // Opening it again looks at the whole file, and sets a damaged one aside.
    if (added.error().is_damaged()) { store_.reset(); }
    return outcome;
  }
  outcome.taken = batch.size();
  for (int step = 0; step < kTrimSteps; ++step) {
    const auto more = store_->trim(now());
    if (!more.has_value()) { outcome.problem = more.error().text; }
    if (!more.value_or(false)) { break; }
  }
  return outcome;
}

}  // namespace remora::outputs::store
