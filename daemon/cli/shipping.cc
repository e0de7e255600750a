#include "daemon/cli/shipping.h"

#include <algorithm>

#include "daemon/cli/messages.h"
#include "daemon/event/importance.h"
#include "daemon/event/kind.h"

namespace remora::cli {
namespace {

/// Events that share the cost of one write to the disk.
constexpr std::size_t kAtOnce = 500;
/// What came between a look and the waiting is seen at the next look.
constexpr std::chrono::milliseconds kLook{200};

}  // namespace

std::unique_ptr<Shipping> Shipping::start(routes::Routes routes) {
  std::string notice;
  auto spool = spool::Spool::open(std::move(routes.spool), notice);
  if (!notice.empty()) { tell_warning(notice); }
  if (!spool.has_value()) {
    tell_error(spool.error());
    return nullptr;
  }
  std::unique_ptr<Shipping> shipping{new Shipping{std::move(*spool), routes.drain}};
  auto delivery = delivery::Delivery::start(std::move(routes.destinations), *shipping->spool_);
  if (!delivery.has_value()) {
    tell_error(delivery.error());
    return nullptr;
  }
  shipping->delivery_ = std::move(*delivery);
  return shipping;
}

void Shipping::add(const v1::Event& event) {
  if (failed_) { return; }
  held_.push_back({.importance = importance_of(event),
                   .kind = kind_name(event),
                   .bytes = event.SerializeAsString()});
  if (held_.size() >= kAtOnce) { spool(); }
}

void Shipping::spool() {
  while (!held_.empty()) {
    const auto far = came_how_far();
    const auto appended = spool_->append(held_);
    held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(appended.taken));
    if (held_.empty()) { return; }
    const auto end = std::chrono::steady_clock::now() + drain_;
    while (came_how_far() == far && std::chrono::steady_clock::now() < end) {
      spool_->wait_for_room(std::min(drain_, kLook));
    }
    if (appended.taken == 0 && came_how_far() == far) {
      failed_ = true;
      tell_error(appended.problem);
      return;
    }
  }
}

bool Shipping::finish() {
  if (!failed_) { spool(); }
  bool all = true;
  for (auto far = came_how_far(); !delivery_->drain(drain_); far = came_how_far()) {
    if (came_how_far() != far) { continue; }
    tell_what_is_left();
    all = false;
    break;
  }
  return tell_what_was_lost() && all && !failed_;
}

bool Shipping::tell_what_was_lost() const {
  bool lost = false;
  for (const auto& [name, progress] : delivery_->progress()) {
    const auto whose = "output " + name + ": ";
    for (const auto& notice : progress.notices) { tell_warning(whose + notice); }
    if (progress.refused == 0) { continue; }
    tell_error("output " + name + ": " + std::to_string(progress.refused) +
               " events were refused for good" +
               (progress.problem.empty() ? "" : ": " + progress.problem));
    lost = true;
  }
  for (const auto& [kind, events] : given_up()) {
    tell_error(spool_->path() + ": " + std::to_string(events) + " events " + kind +
               " had no room and were given up");
    lost = true;
  }
  if (!failed_ && !spool_->problem().empty()) { tell_warning(spool_->problem()); }
  return !lost;
}

std::map<std::string, std::uint64_t> Shipping::given_up() const {
  auto now = spool_->given_up();
  for (const auto& [kind, events] : given_up_before_) { now[kind] -= events; }
  std::erase_if(now, [](const auto& entry) { return entry.second == 0; });
  return now;
}

std::map<std::string, std::map<std::string, std::uint64_t>> Shipping::counts() const {
  std::map<std::string, std::map<std::string, std::uint64_t>> all;
  for (const auto& [name, progress] : delivery_->progress()) {
    all[name] = {{"sent", progress.sent},
                 {"refused", progress.refused},
                 {"skipped", progress.skipped},
                 {"failures", progress.failures},
                 {"waiting", spool_->waiting(name)}};
  }
  return all;
}

void Shipping::tell_what_is_left() const {
  for (const auto& [name, progress] : delivery_->progress()) {
    const auto waiting = spool_->waiting(name);
    if (waiting == 0) { continue; }
    tell_error("output " + name + ": " + std::to_string(waiting) + " events wait in " +
               spool_->path() + " for the next run" +
               (progress.problem.empty() ? "" : ": " + progress.problem));
  }
}

std::uint64_t Shipping::came_how_far() const {
  std::uint64_t sum = 0;
  for (const auto& [name, progress] : delivery_->progress()) { sum += spool_->acknowledged(name); }
  return sum;
}

}  // namespace remora::cli
