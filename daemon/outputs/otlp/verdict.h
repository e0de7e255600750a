#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "daemon/outputs/otlp/answer.h"

namespace remora::outputs::otlp {

/// What becomes of the records of a request. Only an answer that speaks of the records themselves
/// makes an output give them up: everything else, wrong passwords and addresses too, can be put
/// right while the spool keeps them.
enum class Verdict : std::uint8_t {
  kTaken,
  kKept,      ///< not taken; to be sent again
  kTooLarge,  ///< not taken, because there are too many at once
  kRefused,   ///< refused for good
};

struct Judgement {
  Verdict verdict{Verdict::kKept};
  std::uint64_t rejected{0};  ///< of the records taken, those that the receiver threw away
  std::string problem;        ///< without the address; empty where all is well
  std::optional<std::chrono::milliseconds> retry_after;
};

/// What was sent.
struct Sent {
  std::size_t records{0};
  std::size_t bytes{0};  ///< of the request before compression
  bool known{false};     ///< this receiver has taken records before: it is one of OTLP
};

/// OTLP 1.x, "OTLP/HTTP Response"; docs/otlp.md has the table, and says where it departs from the
/// specification. `now` is what a Retry-After date is measured against.
///
/// LIMIT: a receiver can ask for a pause of one hour at most.
[[nodiscard]] Judgement judge_http(const Answer& answer, Sent sent,
                                   std::chrono::system_clock::time_point now);

/// OTLP 1.x, "OTLP/gRPC Response".
[[nodiscard]] Judgement judge_grpc(const Answer& answer, Sent sent);

}  // namespace remora::outputs::otlp
