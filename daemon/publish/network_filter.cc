#include "daemon/publish/network_filter.h"

#include <algorithm>
#include <vector>

#include "daemon/event/session_of.h"

namespace remora::publish {
namespace {

bool holds(const std::vector<settings::Network>& networks, const v1::Endpoint& end) {
  const auto address = IpAddress::parse(end.address());
  return address.has_value() &&
         std::ranges::any_of(networks, [&](const auto& one) { return one.contains(*address); });
}

bool is_of_ticket(const v1::Event& event) {
  return event.has_ticket_created() || event.has_ticket_expired() || event.has_ticket_deleted() ||
         event.has_ticket_rejected();
}

}  // namespace

Verdict NetworkFilter::judge(const v1::Event& event) {
  if (const auto* session = session_of(event)) {
    const auto verdict = judge(session->client(), session->server());
    remember(event.session_id(), verdict);
    return verdict;
  }
  if (event.has_offer()) { return judge(event.offer().expert(), event.offer().novice()); }
  return is_of_ticket(event) ? Verdict::kTold : recall(event.session_id());
}

Verdict NetworkFilter::judge(const v1::Endpoint& one, const v1::Endpoint& other) const {
  if (holds(networks_.exclude, one) || holds(networks_.exclude, other)) {
    return Verdict::kExcluded;
  }
  const bool known = !one.address().empty() || !other.address().empty();
  const bool all = networks_.of_interest.empty() || !known;
  return all || holds(networks_.of_interest, one) || holds(networks_.of_interest, other)
             ? Verdict::kTold
             : Verdict::kNotOfInterest;
}

void NetworkFilter::remember(const std::string& session_id, Verdict verdict) {
  if (const auto found = by_id_.find(session_id); found != by_id_.end()) {
    left_out_.erase(found->second);
    by_id_.erase(found);
  }
  if (verdict == Verdict::kTold || session_id.empty()) { return; }
  if (left_out_.size() == kMaxSessions) {
    by_id_.erase(left_out_.back().session_id);
    left_out_.pop_back();
  }
  left_out_.push_front({.session_id = session_id, .why = verdict});
  by_id_.emplace(session_id, left_out_.begin());
}

Verdict NetworkFilter::recall(const std::string& session_id) {
  const auto found = by_id_.find(session_id);
  if (found == by_id_.end()) { return Verdict::kTold; }
  left_out_.splice(left_out_.begin(), left_out_, found->second);
  return found->second->why;
}

}  // namespace remora::publish
