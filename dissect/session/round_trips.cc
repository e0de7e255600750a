#include "dissect/session/round_trips.h"

namespace remora::session {

void RoundTrips::on_request(std::uint16_t sequence, Moment at) {
  open_.at(next_) = Request{.sequence = sequence, .at = at};
  next_ = (next_ + 1) % kMost;
}

std::optional<Nanoseconds> RoundTrips::on_response(std::uint16_t sequence, Moment at) {
  for (std::size_t back = 1; back <= kMost; ++back) {
    auto& request = open_.at((next_ + kMost - back) % kMost);
    if (!request.has_value() || request->sequence != sequence) { continue; }
    const auto took = at - request->at;
    request.reset();
    return took < Nanoseconds{0} ? std::nullopt : std::optional{took};
  }
  return std::nullopt;
}

}  // namespace remora::session
