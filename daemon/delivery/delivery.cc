#include "daemon/delivery/delivery.h"

#include <limits>
#include <random>
#include <utility>

namespace remora::delivery {
namespace {

using std::chrono::milliseconds;

/// Whoever waits on the spool looks at least so often whether the run is over: a wake that comes
/// between the look and the waiting is missed.
constexpr milliseconds kLook{200};

}  // namespace

tl::expected<std::unique_ptr<Delivery>, std::string> Delivery::start(
    std::vector<Destination> destinations, spool::Spool& spool) {
  std::unique_ptr<Delivery> delivery{new Delivery{spool}};
  std::random_device seeds;
  for (auto& destination : destinations) {
    auto reader = spool::SpoolReader::open(spool.path());
    if (!reader.has_value()) { return tl::unexpected{std::move(reader.error())}; }
    auto run = std::make_unique<Run>();
    run->courier =
        std::make_unique<Courier>(std::move(destination.route), std::move(destination.output),
                                  spool, std::move(*reader), seeds());
    delivery->runs_.push_back(std::move(run));
  }
  for (auto& run : delivery->runs_) {
    run->thread = std::thread{[&delivery = *delivery, &run = *run] { delivery.run(run); }};
  }
  return delivery;
}

Delivery::~Delivery() {
  (void)stop();
}

std::vector<std::pair<std::string, Progress>> Delivery::stop() {
  stop_ = true;
  spool_->wake();
  for (auto& run : runs_) {
    if (run->thread.joinable()) { run->thread.join(); }
  }
  return progress();
}

void Delivery::run(Run& run) {
  auto& courier = *run.courier;
  while (!stop_) {
    if (run.reopen.exchange(false)) { courier.reopen(); }
    const auto now = Clock::now();
    const auto wait = courier.step(now, hurry_);
    if (wait == milliseconds{0}) { continue; }
    const auto behind =
        courier.pausing(now) ? std::numeric_limits<std::uint64_t>::max() : courier.read_up_to();
    spool_->wait_for_more(behind, std::min(wait, kLook));
  }
}

bool Delivery::drain(milliseconds patience) {
  hurry_ = true;
  spool_->wake();
  const auto end = Clock::now() + patience;
  while (!spool_->settled()) {
    const auto left = std::chrono::ceil<milliseconds>(end - Clock::now());
    if (left <= milliseconds{0}) { return false; }
    spool_->wait_for_room(std::min(left, kLook));
  }
  return true;
}

void Delivery::reopen() {
  for (auto& run : runs_) { run->reopen = true; }
  spool_->wake();
}

std::vector<std::pair<std::string, Progress>> Delivery::progress() const {
  std::vector<std::pair<std::string, Progress>> all;
  for (const auto& run : runs_) {
    all.emplace_back(run->courier->name(), run->courier->progress());
  }
  return all;
}

}  // namespace remora::delivery
