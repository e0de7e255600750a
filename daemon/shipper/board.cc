#include "daemon/shipper/board.h"

#include <algorithm>
#include <utility>

namespace remora::shipper {
namespace {

using Where = watch::DropFigures::Where;

constexpr std::chrono::seconds kSilence{10};
// LIMIT: of what a sensor may say that somebody took over.
constexpr std::size_t kMostDrops = 256;
constexpr double kLongestLag = 1e6;  ///< seconds; further off is no lag

}  // namespace

Board::Board(std::string version) {
  figures_.version = std::move(version);
  figures_.started = std::chrono::system_clock::now();
}

void Board::take(const internal::v1::Counters& counters,
                 const std::vector<settings::Interface>& known, Clock::time_point now) {
  heard_ = now;
  heard_ever_ = true;
  figures_.interfaces.clear();
  figures_.drops.clear();
  for (const auto& interface : counters.interfaces()) {
    if (std::ranges::find(known, interface.name(), &settings::Interface::name) == known.end() ||
        std::ranges::find(figures_.interfaces, interface.name(), &watch::InterfaceFigures::name) !=
            figures_.interfaces.end()) {
      continue;
    }
    figures_.interfaces.push_back({.name = interface.name(),
                                   .up = interface.capturing(),
                                   .packets = interface.packets(),
                                   .bytes = interface.bytes()});
    figures_.drops.push_back({.interface = interface.name(),
                              .where = Where::kKernel,
                              .reason = "frame_lost",
                              .count = interface.dropped_by_kernel()});
    figures_.drops.push_back({.interface = interface.name(),
                              .where = Where::kInterface,
                              .reason = "frame_lost",
                              .count = losses_.of(interface.name())});
  }
  // A map of protobuf has no order of its own.
  const std::map<std::string, std::uint64_t> drops{counters.drops().begin(),
                                                   counters.drops().end()};
  for (const auto& [reason, count] : drops) {
    if (figures_.drops.size() >= kMostDrops) { break; }
    figures_.drops.push_back(
        {.interface = {}, .where = Where::kParser, .reason = reason, .count = count});
  }
  figures_.capture_lag.reset();
  if (counters.has_lag_seconds() && counters.lag_seconds() >= 0 &&
      counters.lag_seconds() <= kLongestLag) {
    figures_.capture_lag =
        std::chrono::milliseconds{static_cast<std::int64_t>(counters.lag_seconds() * 1000)};
  }
  figures_.flows = counters.open_flows();
  figures_.flows_total = counters.flows();
  figures_.memory_bytes["sensor"] = counters.memory_bytes();
}

bool Board::hears_sensor(Clock::time_point now) const {
  return heard_ever_ && (sensor_waits_ || now - heard_ < kSilence);
}

std::uint64_t Board::lost_by_interfaces() const {
  std::uint64_t lost = 0;
  for (const auto& drop : figures_.drops) {
    if (drop.where == Where::kInterface) { lost += drop.count; }
  }
  return lost;
}

unsigned Board::interfaces() const {
  return static_cast<unsigned>(figures_.interfaces.size());
}

unsigned Board::capturing() const {
  return static_cast<unsigned>(
      std::ranges::count_if(figures_.interfaces, &watch::InterfaceFigures::up));
}

watch::Verdict Board::healthy(Clock::time_point now) const {
  if (hears_sensor(now)) { return {.good = true, .reason = "alive"}; }
  return {.good = false,
          .reason = heard_ever_ ? "the sensor process has not been heard of for ten seconds"
                                : "the sensor process has not begun"};
}

watch::Verdict Board::ready(Clock::time_point now) const {
  if (auto health = healthy(now); !health.good) { return health; }
  const auto state = std::to_string(capturing()) + " of " + std::to_string(interfaces()) +
                     " interfaces are captured";
  if (capturing() == 0) { return {.good = false, .reason = state}; }
  if (!spool_problem_.empty()) { return {.good = false, .reason = spool_problem_}; }
  return {.good = true, .reason = state};
}

}  // namespace remora::shipper
