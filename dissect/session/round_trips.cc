#include "dissect/session/round_trips.h"

#include <algorithm>
#include <iterator>

namespace remora::session {

void RoundTrips::on_request(std::uint16_t sequence, Moment at) {
  if (open_.size() == kMost) { open_.erase(open_.begin()); }
  open_.push_back({.sequence = sequence, .at = at});
}

std::optional<Nanoseconds> RoundTrips::on_response(std::uint16_t sequence, Moment at) {
  const auto request = std::find_if(open_.rbegin(), open_.rend(),
                                    [&](const Request& each) { return each.sequence == sequence; });
  if (request == open_.rend()) { return std::nullopt; }
  const auto took = at - request->at;
  open_.erase(std::next(request).base());
  return took < Nanoseconds{0} ? std::nullopt : std::optional{took};
}

}  // namespace remora::session
