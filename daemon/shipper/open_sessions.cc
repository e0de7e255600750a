#include "daemon/shipper/open_sessions.h"

#include <algorithm>
#include <tuple>
#include <vector>

#include "daemon/event/session_of.h"
#include "daemon/outputs/json_lines.h"

namespace remora::shipper {
namespace {

std::tuple<std::int64_t, std::int32_t> opened(const v1::Session& session) {
  return {session.opened().seconds(), session.opened().nanos()};
}

}  // namespace

void OpenSessions::take(const v1::Event& event) {
  const auto* session = session_of(event);
  if (session == nullptr) { return; }
  if (event.kind_case() == v1::Event::kSessionClosed) {
    sessions_.erase(event.session_id());
    return;
  }
  if (session->ByteSizeLong() > kMostBytes) { return; }
  const auto known = sessions_.find(event.session_id());
  if (known != sessions_.end()) {
    known->second = *session;
  } else if (sessions_.size() < kMost) {
    sessions_.emplace(event.session_id(), *session);
  }
}

std::size_t OpenSessions::accepted() const {
  return static_cast<std::size_t>(std::ranges::count_if(
      sessions_, [](const auto& entry) { return entry.second.has_accepted(); }));
}

std::string OpenSessions::to_json(std::size_t limit) const {
  std::vector<const v1::Session*> latest;
  latest.reserve(sessions_.size());
  for (const auto& [id, session] : sessions_) { latest.push_back(&session); }
  const auto shown = std::min(limit, latest.size());
  std::ranges::partial_sort(latest, latest.begin() + static_cast<std::ptrdiff_t>(shown),
                            [](const auto* a, const auto* b) { return opened(*a) > opened(*b); });
  std::string text = "[";
  for (std::size_t index = 0; index < shown; ++index) {
    const auto line = outputs::json_line_of(*latest[index]);
    if (!line.has_value()) { continue; }
    text += (text.size() > 1 ? ",\n" : "\n") + *line;
  }
  return text + "\n]\n";
}

}  // namespace remora::shipper
