// Any schedule of segments through a Reassembler: what comes out is what a model that keeps single
// bytes says, and no limit is passed. make_seeds.py knows the format:
//   initial sequence (4 bytes, little-endian), limits (1), then steps of 6 bytes:
//   kind (1), place relative to what is expected (signed, 2), length (1), variant of the text (1),
//   time that passes (1, units of 50 ms)

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "capture/flow/reassembler.h"
#include "tests/fuzz/demand.h"

namespace remora::fuzz {
namespace {

using capture::Evasion;
using capture::EvasionSet;
using capture::FlowLimits;
using capture::HeldBytes;
using capture::Piece;
using capture::Reassembler;

constexpr std::int64_t kOutOfReach = 64LL << 20U;

struct Step {
  std::uint8_t kind;
  std::int64_t ahead;
  std::size_t length;
  std::uint8_t variant;
  Nanoseconds passes;
};

std::byte text_at(std::int64_t offset, std::uint8_t variant) {
  return static_cast<std::byte>(offset * 31 + (offset >> 8) + variant * 101);
}

/// Byte by byte: what was read, and what is there but not to be read yet.
class Model {
 public:
  /// True where any byte of it is new.
  bool add(std::int64_t start, std::span<const std::byte> payload, std::uint32_t missing) {
    const auto end = start + static_cast<std::int64_t>(payload.size());
    bool any_new = false;
    for (auto at = std::max(start, expected_); at < end; ++at) {
      const auto byte = payload[static_cast<std::size_t>(at - start)];
      // A segment that reaches what is expected is read whole.
      if (start <= expected_) {
        waiting_[at] = byte;
        any_new = true;
      } else {
        any_new = waiting_.emplace(at, byte).second || any_new;
      }
    }
    cut_from_ = end;
    cut_until_ = end + missing;
    return any_new || cut_until_ > std::max(end, expected_);
  }

  void read(const Piece& piece) {
    const auto next = waiting_.lower_bound(expected_);
    expected_ += static_cast<std::int64_t>(piece.gap_bytes);
    demand(next == waiting_.end() || next->first >= expected_, "a gap has no bytes");
    for (const auto byte : piece.bytes) {
      const auto there = waiting_.find(expected_);
      demand(there != waiting_.end(), "what is read was sent");
      demand(there->second == byte, "the first to be read counts");
      waiting_.erase(there);
      ++expected_;
    }
  }

  /// The end of a segment was cut off; that much is lost, and told with the next piece.
  void lose_what_was_cut() {
    while (expected_ >= cut_from_ && expected_ < cut_until_) {
      waiting_.erase(expected_++);
      ++untold_;
    }
  }

  /// What lies farthest ahead was dropped, or all of it.
  void keep(std::size_t bytes) {
    while (waiting_.size() > bytes) { waiting_.erase(std::prev(waiting_.end())); }
  }

  [[nodiscard]] std::int64_t expected() const { return expected_; }
  [[nodiscard]] bool readable() const { return waiting_.contains(expected_); }
  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }
  std::uint64_t take_untold() { return std::exchange(untold_, 0); }

 private:
  std::map<std::int64_t, std::byte> waiting_;
  std::int64_t expected_{0};
  std::int64_t cut_from_{0};
  std::int64_t cut_until_{0};
  std::uint64_t untold_{0};
};

class Run {
 public:
  Run(std::uint32_t initial, std::uint8_t limits) : initial_{initial} {
    limits_.out_of_order_bytes = 64U << (limits % 8U);
    limits_.out_of_order_segments = 4U << (limits / 8U % 8U);
    limits_.out_of_order_total = (limits & 0x40U) != 0 ? limits_.out_of_order_bytes / 2 : 1U << 20U;
    stream_.begin(initial);
  }

  void take(const Step& step) {
    now_ += step.passes;
    ++frame_;
    const auto start = model_.expected() + step.ahead;
    const auto sequence = initial_ + 1 + static_cast<std::uint32_t>(start);
    switch (step.kind % 8U) {
      case 0:
        stream_.acknowledged(sequence, 0, now_);
        heard_ = true;
        break;
      case 1:
        stream_.ends_at(sequence);
        break;
      default:
        add(start, sequence, step);
    }
    drain(false);
    demand(stream_.held_bytes() <= model_.waiting(), "nothing is held but what was sent");
    demand(heard_ || stream_.held_bytes() == model_.waiting(), "what was sent is held");
    model_.keep(stream_.held_bytes());
    demand(!model_.readable(), "what can be read was read");
    demand(stream_.held_bytes() <= limits_.out_of_order_bytes, "the limit of bytes holds");
    demand(held_.now <= limits_.out_of_order_total, "the limit in total holds");
    demand(stream_.memory_bytes() <= limits_.out_of_order_bytes +
                                         limits_.out_of_order_segments * 128 +
                                         capture::Delivered::kBytes,
           "the limit of segments holds");
  }

  void finish() {
    drain(true);
    demand((heard_ || model_.waiting() == 0) && held_.now == 0, "at the end nothing waits");
    demand(variants_ > 1 || !evasions_.has(Evasion::kOverlapConflict),
           "one text never contradicts itself");
  }

 private:
  void add(std::int64_t start, std::uint32_t sequence, const Step& step) {
    std::vector<std::byte> payload(step.length);
    const std::uint8_t variant = step.kind % 8U == 7 ? step.variant : 0;
    if (variant != 0) { variants_ = 2; }
    for (std::size_t at = 0; at < payload.size(); ++at) {
      payload[at] = text_at(start + static_cast<std::int64_t>(at), variant);
    }
    const bool cut = step.kind % 8U == 2 && step.ahead <= 0 && !payload.empty();
    const std::uint32_t missing = cut ? step.variant : 0;
    const Instant at{.time = now_, .frame = FrameNumber{frame_}};
    const auto arrival = stream_.add(sequence, payload, missing, at);
    const bool far = step.ahead >= kOutOfReach || step.ahead <= -kOutOfReach;
    const bool outside = arrival == Reassembler::Arrival::kOutsideWindow;
    demand(outside || !far, "who is too far is told so");
    demand(!outside || far || (heard_ && step.ahead > 0), "nobody else is");
    if (!outside) {
      const bool is_new = model_.add(start, payload, missing);
      demand((arrival == Reassembler::Arrival::kNew) == is_new, "a repetition brings nothing new");
    }
    drain(false);
  }

  void drain(bool at_end) {
    model_.lose_what_was_cut();
    while (auto piece = stream_.next(now_, at_end)) {
      demand(piece->gap_bytes > 0 || !piece->bytes.empty(), "a piece is not empty");
      const auto told_late = std::min(piece->gap_bytes, model_.take_untold());
      piece->gap_bytes -= told_late;
      model_.read(*piece);
      model_.lose_what_was_cut();
    }
  }

  std::uint32_t initial_;
  FlowLimits limits_;
  HeldBytes held_;
  EvasionSet evasions_;
  Reassembler stream_{limits_, held_, &evasions_};
  Model model_;
  Moment now_{};
  std::uint64_t frame_{0};
  int variants_{1};
  bool heard_{false};  ///< the peer has acknowledged something
};

Step step_from(std::span<const std::uint8_t> bytes) {
  const auto place = static_cast<std::int16_t>(bytes[1] | bytes[2] << 8);
  // A few lie far away.
  const std::int64_t scale = (bytes[0] & 0xf0U) == 0xf0U ? 1 << 13 : 1;
  return {.kind = bytes[0],
          .ahead = place * scale,
          .length = bytes[3],
          .variant = bytes[4],
          .passes = bytes[5] * std::chrono::milliseconds{50}};
}

}  // namespace
}  // namespace remora::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace remora::fuzz;
  constexpr std::size_t kHead = 5;
  constexpr std::size_t kStep = 6;
  if (size < kHead) { return 0; }
  const std::span bytes{data, size};
  const auto initial =
      static_cast<std::uint32_t>(bytes[0]) | static_cast<std::uint32_t>(bytes[1]) << 8U |
      static_cast<std::uint32_t>(bytes[2]) << 16U | static_cast<std::uint32_t>(bytes[3]) << 24U;
  Run run{initial, bytes[4]};
  for (auto steps = bytes.subspan(kHead); steps.size() >= kStep; steps = steps.subspan(kStep)) {
    run.take(step_from(steps.first(kStep)));
  }
  run.finish();
  return 0;
}
