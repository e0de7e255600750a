#include "dissect/session/data_flows.h"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <variant>

namespace remora::session {
namespace {

using observation::Carriage;

/// A server may take its time before it connects or sends.
constexpr Nanoseconds kAnnouncementHolds = std::chrono::minutes{2};
/// An announcement that was captured late comes within the time of a few retransmissions.
constexpr Nanoseconds kWaits = std::chrono::seconds{2};

[[nodiscard]] Carriage* carriage_of(Finding& finding) {
  if (auto* seen = std::get_if<observation::TicketSeen>(&finding.what)) { return &seen->carriage; }
  auto* refused = std::get_if<observation::TicketRefused>(&finding.what);
  return refused == nullptr ? nullptr : &refused->carriage;
}

/// Who waited for the connection: where no handshake was seen it may be either.
[[nodiscard]] std::vector<SocketAddress> listeners(const FlowFacts& flow) {
  std::vector<SocketAddress> ends{flow.of(Side::kAcceptor).address};
  if (!flow.initiator_known) { ends.push_back(flow.of(Side::kInitiator).address); }
  return ends;
}

}  // namespace

bool DataFlows::concerns(const Finding& finding) {
  const auto is_unannounced = [](const Carriage& carriage) {
    return std::string_view{carriage.protocol} == kUnannounced;
  };
  if (const auto* seen = std::get_if<observation::TicketSeen>(&finding.what)) {
    return is_unannounced(seen->carriage);
  }
  const auto* refused = std::get_if<observation::TicketRefused>(&finding.what);
  return refused != nullptr && is_unannounced(refused->carriage);
}

const Carriage* DataFlows::announced(const FlowFacts& flow, Moment now) const {
  for (const auto& listener : listeners(flow)) {
    const auto place = expected_.find(listener);
    if (place != expected_.end() && now <= place->second.second) { return &place->second.first; }
  }
  return nullptr;
}

std::vector<DataFlows::Held> DataFlows::take_in(const FlowFacts& flow, const Finding& finding) {
  Held held{.flow = flow, .finding = finding};
  std::vector<Held> ready;
  if (const auto* carriage = announced(flow, finding.at.time)) {
    *carriage_of(held.finding) = *carriage;
    ready.push_back(std::move(held));
    return ready;
  }
  held_.push_back(std::move(held));
  if (held_.size() > kMaxHeld) {
    ready.push_back(std::move(held_.front()));
    held_.erase(held_.begin());
  }
  return ready;
}

std::vector<DataFlows::Held> DataFlows::expect(const FlowFacts& flow, const Finding& finding) {
  const auto& told = std::get<observation::DataFlowExpected>(finding.what);
  auto carriage = told.carriage;
  carriage.server = flow.of(Side::kAcceptor).address.address;
  const auto here = flow.of(told.listener).address.address;
  remember({here, told.port}, carriage, finding.at.time);
  // Behind address translation a server tells the address that it knows of itself.
  if (told.address.has_value() && *told.address != here) {
    remember({*told.address, told.port}, carriage, finding.at.time);
  }
  std::vector<Held> ready;
  std::erase_if(held_, [&](Held& held) {
    const auto* announcement = announced(held.flow, finding.at.time);
    if (announcement == nullptr) { return false; }
    *carriage_of(held.finding) = *announcement;
    ready.push_back(std::move(held));
    return true;
  });
  return ready;
}

void DataFlows::remember(const SocketAddress& listener, const Carriage& carriage, Moment now) {
  const auto until = now + kAnnouncementHolds;
  if (const auto before = expected_.find(listener); before != expected_.end()) {
    ends_.erase({before->second.second, listener});
  }
  expected_.insert_or_assign(listener, std::pair{carriage, until});
  ends_.emplace(until, listener);
  while (expected_.size() > kMaxExpected) {
    expected_.erase(ends_.begin()->second);
    ends_.erase(ends_.begin());
  }
}

std::vector<DataFlows::Held> DataFlows::advance(Moment now) {
  while (!ends_.empty() && ends_.begin()->first < now) {
    expected_.erase(ends_.begin()->second);
    ends_.erase(ends_.begin());
  }
  std::vector<Held> ready;
  while (!held_.empty() && held_.front().finding.at.time + kWaits < now) {
    ready.push_back(std::move(held_.front()));
    held_.erase(held_.begin());
  }
  return ready;
}

std::vector<DataFlows::Held> DataFlows::finish() {
  return std::exchange(held_, {});
}

}  // namespace remora::session
