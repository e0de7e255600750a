#include "daemon/shipper/outputs.h"

#include <system_error>
#include <utility>

namespace remora::shipper {
namespace {

void add(const delivery::Progress& from, delivery::Progress& to) {
  to.sent += from.sent;
  to.refused += from.refused;
  to.skipped += from.skipped;
  to.failures += from.failures;
}

}  // namespace

tl::expected<std::unique_ptr<Outputs>, std::string> Outputs::start(
    std::vector<delivery::Destination> destinations, spool::Spool& spool) {
  auto delivery = delivery::Delivery::start(std::move(destinations), spool);
  if (!delivery.has_value()) { return tl::unexpected{std::move(delivery.error())}; }
  std::unique_ptr<Outputs> outputs{new Outputs{spool}};
  outputs->delivery_ = std::move(*delivery);
  return outputs;
}

Outputs::~Outputs() {
  wait_for_change();
}

void Outputs::wait_for_change() {
  if (change_.joinable()) { change_.join(); }
}

void Outputs::replace(std::vector<delivery::Destination> destinations,
                      const std::function<void(const std::string& problem)>& done) {
  wait_for_change();
  changing_ = true;
  std::unique_ptr<delivery::Delivery> old;
  {
    const std::lock_guard lock{mutex_};
    old = std::move(delivery_);
  }
  try {
    change_ = std::thread{
        [this, old = std::move(old), destinations = std::move(destinations), done]() mutable {
          auto problem = change(std::move(old), std::move(destinations));
          changing_ = false;
          done(problem);
        }};
  } catch (const std::system_error& error) {
    changing_ = false;
    done(error.what());
  }
}

/// What went wrong; empty: nothing.
std::string Outputs::change(std::unique_ptr<delivery::Delivery> old,
                            std::vector<delivery::Destination> destinations) {
  // Two couriers for one file would each destroy what the other wrote.
  const auto did = old->stop();
  old.reset();
  std::vector<std::string> names;
  names.reserve(destinations.size());
  for (const auto& destination : destinations) { names.push_back(destination.route.name); }
  spool_->set_outputs(names);
  try {
    auto started = delivery::Delivery::start(std::move(destinations), *spool_);
    if (!started.has_value()) { return std::move(started.error()); }
    const std::lock_guard lock{mutex_};
    for (const auto& [name, progress] : did) { add(progress, before_[name]); }
    told_notices_.clear();
    delivery_ = std::move(*started);
    return {};
  } catch (const std::system_error& error) { return error.what(); }
}

void Outputs::reopen() {
  const std::lock_guard lock{mutex_};
  if (delivery_ != nullptr) { delivery_->reopen(); }
}

bool Outputs::drain(std::chrono::milliseconds patience) {
  wait_for_change();
  return delivery_ != nullptr && delivery_->drain(patience);
}

std::vector<std::pair<std::string, delivery::Progress>> Outputs::progress() {
  const std::lock_guard lock{mutex_};
  std::vector<std::pair<std::string, delivery::Progress>> all;
  if (delivery_ == nullptr) { return all; }
  for (auto& [name, progress] : delivery_->progress()) {
    if (const auto earlier = before_.find(name); earlier != before_.end()) {
      add(earlier->second, progress);
    }
    if (std::exchange(told_problems_[name], progress.problem) == progress.problem) {
      progress.problem.clear();
    }
    auto& told = told_notices_[name];
    const auto count = progress.notices.size();
    progress.notices.erase(progress.notices.begin(),
                           progress.notices.begin() + static_cast<std::ptrdiff_t>(told));
    told = count;
    all.emplace_back(name, std::move(progress));
  }
  return all;
}

}  // namespace remora::shipper
