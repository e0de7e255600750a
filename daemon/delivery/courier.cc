#include "daemon/delivery/courier.h"

#include <algorithm>
#include <utility>

namespace remora::delivery {
namespace {

using std::chrono::milliseconds;

/// An idle output looks again so often, should it have missed a wake.
constexpr milliseconds kIdle{1000};

constexpr std::size_t kMaxNotices = 100;

milliseconds until(Clock::time_point then, Clock::time_point now) {
  return std::chrono::ceil<milliseconds>(then - now);
}

}  // namespace

Courier::Courier(Route route, std::unique_ptr<Output> output, spool::Spool& spool,
                 spool::SpoolReader reader, std::uint32_t seed)
    : route_{std::move(route)},
      output_{std::move(output)},
      spool_{&spool},
      reader_{std::move(reader)},
      backoff_{route_.retry, seed},
      read_up_to_{spool.acknowledged(route_.name)} {}

milliseconds Courier::step(Clock::time_point now, bool hurry) {
  if (now < pause_until_) { return until(pause_until_, now); }
  fill(now);
  if (now < pause_until_) { return until(pause_until_, now); }
  if (batch_.empty()) { return kIdle; }
  const bool full = batch_.size() >= route_.batch.events || batch_bytes_ >= route_.batch.bytes ||
                    spool_->last() > read_up_to_;
  const auto due = oldest_ + route_.batch.age;
  if (!full && !hurry && now < due) { return until(due, now); }
  send(now);
  return now < pause_until_ ? until(pause_until_, now) : milliseconds{0};
}

void Courier::fill(Clock::time_point now) {
  while (batch_.size() < route_.batch.events && batch_bytes_ < route_.batch.bytes) {
    auto read = reader_.read(read_up_to_, route_.batch.events - batch_.size(),
                             route_.batch.bytes - batch_bytes_, batch_.empty());
    if (!read.has_value()) { return fail(now, std::move(read.error()), std::nullopt); }
    if (read->empty()) { return; }
    std::uint64_t skipped = 0;
    std::uint64_t unreadable = 0;
    for (auto& spooled : *read) {
      read_up_to_ = spooled.number;
      Parcel parcel{.number = spooled.number, .event = {}, .bytes = std::move(spooled.bytes)};
      if (!parcel.event.ParseFromString(parcel.bytes)) {
        ++unreadable;
        continue;
      }
      if (!route_.filter.takes(parcel.event)) {
        ++skipped;
        continue;
      }
      if (batch_.empty()) { oldest_ = now; }
      batch_bytes_ += parcel.bytes.size();
      batch_.push_back(std::move(parcel));
    }
    {
      const std::lock_guard lock{mutex_};
      progress_.skipped += skipped;
      progress_.refused += unreadable;
      if (unreadable > 0) { progress_.problem = spool_->path() + ": holds what is no event"; }
    }
    if (batch_.empty()) { spool_->acknowledge(route_.name, read_up_to_); }
  }
}

void Courier::send(Clock::time_point now) {
  auto outcome = output_->send(batch_);
  outcome.taken = std::min(outcome.taken, batch_.size());
  outcome.refused = std::min(outcome.refused, outcome.taken);
  const bool whole = outcome.taken == batch_.size();
  {
    const std::lock_guard lock{mutex_};
    if (!outcome.notice.empty() && progress_.notices.size() < kMaxNotices) {
      progress_.notices.push_back(std::move(outcome.notice));
    }
    progress_.problem = outcome.problem;
  }
  drop_front(outcome);
  if (outcome.taken > 0) { backoff_.reset(); }
  if (!whole) { fail(now, std::move(outcome.problem), outcome.retry_after); }
}

void Courier::drop_front(const Outcome& outcome) {
  if (outcome.taken == 0) { return; }
  for (std::size_t index = 0; index < outcome.taken; ++index) {
    batch_bytes_ -= batch_[index].bytes.size();
  }
  batch_.erase(batch_.begin(), batch_.begin() + static_cast<std::ptrdiff_t>(outcome.taken));
  {
    const std::lock_guard lock{mutex_};
    progress_.sent += outcome.taken - outcome.refused;
    progress_.refused += outcome.refused;
  }
  // Last: whoever waits for the spool to be settled then asks for the counts.
  spool_->acknowledge(route_.name, batch_.empty() ? read_up_to_ : batch_.front().number - 1);
}

void Courier::fail(Clock::time_point now, std::string problem, std::optional<milliseconds> asked) {
  pause_until_ = now + backoff_.next(asked);
  const std::lock_guard lock{mutex_};
  ++progress_.failures;
  progress_.problem = std::move(problem);
}

Progress Courier::progress() const {
  const std::lock_guard lock{mutex_};
  return progress_;
}

}  // namespace remora::delivery
