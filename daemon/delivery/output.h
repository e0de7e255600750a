#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "remora/v1/event.pb.h"

namespace remora::delivery {

/// One event of the spool on its way to an output.
struct Parcel {
  std::uint64_t number;  ///< its place in the spool; grows
  v1::Event event;
  std::string bytes;  ///< the event as it was spooled, serialized
};

/// What became of a batch. Events are taken in order: `taken` of them, from the front.
struct Outcome {
  /// The receiver has them for good, or refused them for good: they are not sent again.
  std::size_t taken{0};
  /// Of these, the ones that the receiver refused for good.
  std::size_t refused{0};
  /// Why not all were taken, or why some were refused: what, where, what to do. No secrets, no
  /// content of events.
  std::string problem;
  /// What the operator should know although all is well: a damaged file was set aside.
  std::string notice{};
  /// What the receiver asks for before the rest is tried again.
  std::optional<std::chrono::milliseconds> retry_after;
};

/// Where events go. Each output is used by one thread at a time.
class Output {
 public:
  Output() = default;
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;
  Output(Output&&) = delete;
  Output& operator=(Output&&) = delete;
  virtual ~Output() = default;

  /// Sends `batch`, never empty, and waits until the receiver has it; at most as long as the output
  /// is set to wait. What was not taken comes again, first, after a pause: events may be sent
  /// twice, receivers know them by `event_id`.
  [[nodiscard]] virtual Outcome send(std::span<const Parcel> batch) = 0;

  /// Files are opened anew, connections made anew: called between batches.
  virtual void reopen() {}
};

}  // namespace remora::delivery
