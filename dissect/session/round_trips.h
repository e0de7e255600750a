#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "capture/base/time.h"

namespace remora::session {

/// Pairs RTT Measure Requests with their responses, [MS-RDPBCGR] 2.2.14.1.1 and 2.2.14.2.1.
///
/// State: LIMIT kMost requests without a response; a further one displaces the oldest.
class RoundTrips {
 public:
  static constexpr std::size_t kMost = 16;

  void on_request(std::uint16_t sequence, Moment at);
  /// From the latest request of that number to now; empty where there was none, or time went back.
  [[nodiscard]] std::optional<Nanoseconds> on_response(std::uint16_t sequence, Moment at);

 private:
  struct Request {
    std::uint16_t sequence{0};
    Moment at;
  };
  std::vector<Request> open_;  ///< in the order in which they came
};

}  // namespace remora::session
