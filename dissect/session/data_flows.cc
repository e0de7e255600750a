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

const DataFlows::Announcement* DataFlows::announced(const FlowFacts& flow, Moment now) const {
  for (const auto& listener : listeners(flow)) {
    const auto place = expected_.find(listener);
    if (place != expected_.end() && now <= place->second.until) { return &place->second; }
  }
  return nullptr;
}

void DataFlows::name(Held held, const Announcement& announcement, std::vector<Held>& ready) {
  auto* refused = std::get_if<observation::TicketRefused>(&held.finding.what);
  if (refused != nullptr && std::exchange(refused->if_named, false) &&
      !announcement.is_named_ticket) {
    return;
  }
  *carriage_of(held.finding) = announcement.carriage;
  ready.push_back(std::move(held));
}

/// Nobody named it.
void DataFlows::give_up(Held held, std::vector<Held>& ready) {
  const auto* refused = std::get_if<observation::TicketRefused>(&held.finding.what);
  if (refused == nullptr || !refused->if_named) { ready.push_back(std::move(held)); }
}

std::vector<DataFlows::Held> DataFlows::take_in(const FlowFacts& flow, const Finding& finding) {
  Held held{.flow = flow, .finding = finding};
  std::vector<Held> ready;
  if (const auto* announcement = announced(flow, finding.at.time)) {
    name(std::move(held), *announcement, ready);
    return ready;
  }
  held_.push_back(std::move(held));
  if (held_.size() > kMaxHeld) {
    give_up(std::move(held_.front()), ready);
    held_.erase(held_.begin());
  }
  return ready;
}

std::vector<DataFlows::Held> DataFlows::expect(const FlowFacts& flow, const Finding& finding) {
  const auto& told = std::get<observation::DataFlowExpected>(finding.what);
  Announcement announcement{.carriage = told.carriage,
                            .is_named_ticket = told.is_named_ticket,
                            .until = finding.at.time + kAnnouncementHolds};
  announcement.carriage.server = flow.of(Side::kAcceptor).address.address;
  const auto here = flow.of(told.listener).address.address;
  remember({here, told.port}, announcement);
  // Behind address translation a server tells the address that it knows of itself.
  if (told.address.has_value() && *told.address != here) {
    remember({*told.address, told.port}, announcement);
  }
  std::vector<Held> ready;
  std::erase_if(held_, [&](Held& held) {
    const auto* named = announced(held.flow, finding.at.time);
    if (named == nullptr) { return false; }
    name(std::move(held), *named, ready);
    return true;
  });
  return ready;
}

void DataFlows::remember(const SocketAddress& listener, Announcement announcement) {
  if (const auto before = expected_.find(listener); before != expected_.end()) {
    ends_.erase({before->second.until, listener});
  }
  ends_.emplace(announcement.until, listener);
  expected_.insert_or_assign(listener, std::move(announcement));
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
    give_up(std::move(held_.front()), ready);
    held_.erase(held_.begin());
  }
  return ready;
}

std::vector<DataFlows::Held> DataFlows::finish() {
  std::vector<Held> ready;
  for (auto& held : std::exchange(held_, {})) { give_up(std::move(held), ready); }
  return ready;
}

}  // namespace remora::session
