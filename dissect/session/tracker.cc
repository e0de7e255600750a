#include "dissect/session/tracker.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>

namespace remora::session {
namespace {

/// A client that falls back after RDP_NEG_FAILURE asks again at once (protocols-rdp.md 1.4).
constexpr Nanoseconds kRetryWithin = std::chrono::seconds{5};

/// LIMIT: flows of failed attempts remembered until they close.
constexpr std::size_t kMaxReplaced = 100'000;

}  // namespace

SessionState* Tracker::find(FrameNumber flow) {
  const auto first = joined_.empty() ? joined_.end() : joined_.find(flow);
  if (first != joined_.end()) { flow = first->second; }
  const auto place = open_.find(flow);
  return place == open_.end() ? nullptr : place->second.get();
}

void Tracker::observe(const FlowFacts& flow, const Finding& finding, Events& out) {
  if (take_in_ticket(flow, finding, out) || take_in_offer(flow, finding, out) ||
      take_in_reachability(flow, finding, out) || overhear(flow, finding, out) ||
      replaced_.contains(flow.id)) {
    return;
  }
  if (joined_.contains(flow.id)) {
    observe_joined(flow, finding, out);
    return;
  }
  auto* state = find(flow.id);
  if (state == nullptr) {
    state = open(flow, finding, out);
    if (state == nullptr) { return; }
  } else {
    state->observe(flow, finding, out);
    if (use_ticket(*state, ticket_by(finding), finding.at)) { state->tell_ticket(finding.at, out); }
    doubt_ticket(*state, finding, out);
    withdraw_ticket(flow, *state, finding, out);
  }
  if (const auto* redirected = std::get_if<observation::Redirected>(&finding.what)) {
    surroundings_.remember_referral(state->session(), *redirected, finding.at.time);
  }
  if (state->negotiation_failed()) { wait_for_retry(flow.id, *state, out); }
}

void Tracker::wait_for_retry(FrameNumber flow, const SessionState& state, Events& out) {
  const auto& session = state.session();
  auto& waiting = failed_[{session.client.address.address, session.server.address}];
  if (waiting.flow != flow) {
    // Only the latest failure of a pair waits; an earlier one is over.
    const auto earlier = open_.find(waiting.flow);
    if (earlier != open_.end() && earlier->second->closed()) { close(earlier, out); }
  }
  waiting = {.flow = flow, .until = state.failed_at() + kRetryWithin};
  next_failed_ = std::min(next_failed_, waiting.until);
}

SessionState* Tracker::open(const FlowFacts& flow, const Finding& finding, Events& out) {
  if (auto* resumed = resume_failed(flow, finding, out)) { return resumed; }
  if (auto* joined = join(flow, finding, out)) { return joined; }
  if (remember_early(flow, finding)) { return nullptr; }
  const auto early = early_.find(flow.id);
  const auto client =
      early == early_.end() ? client_side(finding) : client_side(finding, early->second);
  if (!client.has_value()) { return nullptr; }
  auto& state = open_[flow.id];
  state = std::make_unique<SessionState>(flow, finding, *client);
  auto untold = recall(flow.id, *state);
  index(flow.id, *state);
  introduce(finding, *state);
  const bool has_ticket =
      use_ticket(*state, ticket_at_opening(flow, *state, finding.at), finding.at);
  find_public_side(flow, *state, finding.at.time);
  const auto offered = follow_offer(*state, finding.at);
  state->observe(flow, finding, out);
  if (has_ticket) { state->tell_ticket(finding.at, out); }
  if (offered.has_value()) {
    state->tell_offer(finding.at, offered->evidence, offered->confidence, out);
  }
  for (auto& told : untold) { state->observe_early(std::move(told), finding.at, out); }
  return state.get();
}

SessionState* Tracker::resume_failed(const FlowFacts& flow, const Finding& finding, Events& out) {
  const auto* request = std::get_if<observation::ConnectionRequested>(&finding.what);
  if (request == nullptr) { return nullptr; }
  const auto waiting =
      failed_.find({flow.of(finding.from).address.address, flow.of(other(finding.from)).address});
  if (waiting == failed_.end()) { return nullptr; }
  const auto [old_flow, until] = waiting->second;
  const auto place = open_.find(old_flow);
  if (finding.at.time > until || place == open_.end() ||
      place->second->session()
              .request.value_or(observation::ConnectionRequested{})
              .requested_protocols == request->requested_protocols) {
    return nullptr;
  }
  failed_.erase(waiting);
  auto state = std::move(place->second);
  forget(old_flow, *state);
  open_.erase(place);
  if (!state->closed() && replaced_.size() < kMaxReplaced) { replaced_[old_flow] = flow.id; }
  auto untold = recall(flow.id, *state);
  state->retry(flow, finding, finding.from, out);
  for (auto& told : untold) { state->observe_early(std::move(told), finding.at, out); }
  index(flow.id, *state);
  return (open_[flow.id] = std::move(state)).get();
}

void Tracker::still_open(const FlowFacts& flow, Instant at, Events& out) {
  auto* state = find(flow.id);
  if (state == nullptr) { return; }
  if (joined_.contains(flow.id)) {
    state->refresh_joined(flow);
    return;
  }
  state->settle(flow, at, out);
  state->report(at, Updated{}, {{.frame = at.frame, .rule = "session.interim", .note = {}}}, out);
}

void Tracker::flow_closed(const FlowFacts& flow, const FlowClosure& closure, Events& out) {
  early_.erase(flow.id);
  const auto told = carrier_anomalies_.lower_bound({flow.id, {}});
  auto behind = told;
  while (behind != carrier_anomalies_.end() && behind->first == flow.id) { ++behind; }
  carrier_anomalies_.erase(told, behind);
  if (joined_.contains(flow.id)) {
    if (auto* state = find(flow.id)) { state->refresh_joined(flow); }
    joined_.erase(flow.id);
    return;
  }
  if (const auto replaced = replaced_.find(flow.id); replaced != replaced_.end()) {
    if (const auto place = open_.find(replaced->second); place != open_.end()) {
      place->second->add_finished_attempt(flow);
    }
    replaced_.erase(replaced);
    return;
  }
  const auto place = open_.find(flow.id);
  if (place == open_.end()) { return; }
  place->second->close(flow, closure, out);
  const bool may_be_retried =
      closure.how != FlowClosure::How::kCaptureEnd && waits_for_retry(flow.id, *place->second);
  if (!may_be_retried) { close(place, out); }
}

/// While it does, `advance` closes what is over. A flow may be forgotten long after it closed, and
/// a later failure takes the place of an earlier one: then nobody else would.
bool Tracker::waits_for_retry(FrameNumber flow, const SessionState& state) const {
  const auto& session = state.session();
  const auto waiting = failed_.find({session.client.address.address, session.server.address});
  return waiting != failed_.end() && waiting->second.flow == flow;
}

void Tracker::advance(Moment now, Events& out) {
  release(data_flows_.advance(now), out);
  tickets_.advance(now, out);
  std::vector<OfferEvent> offers;
  offers_.advance(now, offers);
  tell_offers(std::move(offers), now, out);
  if (now <= next_failed_) { return; }
  next_failed_ = Moment::max();
  for (auto waiting = failed_.begin(); waiting != failed_.end();) {
    if (now <= waiting->second.until) {
      next_failed_ = std::min(next_failed_, waiting->second.until);
      ++waiting;
      continue;
    }
    const auto place = open_.find(waiting->second.flow);
    waiting = failed_.erase(waiting);
    if (place != open_.end() && place->second->closed()) { close(place, out); }
  }
}

void Tracker::finish(Events& out) {
  release(data_flows_.finish(), out);
  std::vector<OfferEvent> offers;
  offers_.finish(offers);
  tell_offers(std::move(offers), {}, out);
  failed_.clear();
  std::vector<FrameNumber> left;
  for (const auto& [flow, state] : open_) { left.push_back(flow); }
  std::ranges::sort(left);
  for (const auto flow : left) { close(open_.find(flow), out); }
}

void Tracker::close(OpenSessions::iterator place, Events& out) {
  const auto state = std::move(place->second);
  forget(place->first, *state);
  open_.erase(place);
  if (state->closed()) { state->report_closed(out); }
}

}  // namespace remora::session
