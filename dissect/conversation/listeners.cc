#include "dissect/conversation/listeners.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace remora {

Listeners::Listeners(Families families, const Context& context) {
  for (const auto& family : families) {
    if (family.make_listener == nullptr) { continue; }
    if (auto made = family.make_listener(context)) { all_.push_back(std::move(made)); }
  }
}

void Listeners::on_told(const Finding& finding) {
  if (const auto* seen = std::get_if<observation::TicketSeen>(&finding.what)) {
    (void)add(seen->ticket.key);
  }
}

bool Listeners::is_news(const Finding& heard, bool recognised) {
  if (const auto* seen = std::get_if<observation::TicketSeen>(&heard.what)) {
    const auto& remarks = seen->ticket.remarks;
    const bool is_part =
        std::ranges::find(remarks, observation::Ticket::kPartOfInvitation) != remarks.end();
    return !(recognised && is_part) && add(seen->ticket.key);
  }
  return !recognised;
}

bool Listeners::add(const observation::Sha256& key) {
  if (std::ranges::find(told_, key) != told_.end()) { return false; }
  if (told_.size() < kMaxTickets) { told_.push_back(key); }
  return true;
}

}  // namespace remora
