#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "capture/base/bytes.h"
#include "capture/base/frame.h"
#include "capture/base/time.h"
#include "capture/flow/limits.h"

namespace remora::capture {

/// Bytes held by all reassemblers of one owner, so that there is a limit in total.
struct HeldBytes {
  std::size_t now{0};
};

/// What became readable of one side: bytes, or a hole before them.
struct Piece {
  std::uint64_t gap_bytes{0};  ///< missing before `bytes`
  ByteView bytes;
  FrameNumber frame{};
};

/// Puts the segments of one side of a TCP connection into order (RFC 9293 3.4: sequence numbers
/// wrap at 2^32). Where two segments claim the same bytes, the first that arrived is kept.
///
/// Usage: `add` a segment, then call `next` until it is empty. In-order data passes through without
/// being copied; only what comes too early is held. Cost: constant for in-order segments, linear in
/// the number of held segments otherwise.
class Reassembler {
 public:
  Reassembler(const FlowLimits& limits, HeldBytes& held) : limits_{&limits}, held_{&held} {}
  Reassembler(const Reassembler&) = delete;
  Reassembler& operator=(const Reassembler&) = delete;
  Reassembler(Reassembler&&) = delete;
  Reassembler& operator=(Reassembler&&) = delete;
  ~Reassembler();

  /// The stream begins after the SYN with sequence number `sequence`.
  void begin(std::uint32_t sequence);

  /// What a segment was, as far as its sequence number tells.
  enum class Arrival : std::uint8_t { kNew, kRetransmission, kOutsideWindow };

  /// A segment with payload. `missing` bytes of it were cut off by the snap length. `payload` must
  /// stay valid until `next` has returned empty.
  Arrival add(std::uint32_t sequence, ByteView payload, std::uint32_t missing, Instant at);

  /// The peer acknowledged everything before `acknowledgement`: holes below it were lost by the
  /// capture, not by the network.
  void acknowledged(std::uint32_t acknowledgement);

  /// The stream ends before `sequence`, the number that its FIN occupies.
  void ends_at(std::uint32_t sequence);

  /// The next piece in order; empty when nothing is readable. With `at_end`, holes are given up at
  /// once.
  [[nodiscard]] std::optional<Piece> next(Moment now, bool at_end = false);

  [[nodiscard]] bool begun() const { return begun_; }
  /// True where `sequence` lies within a receive window's reach of what is expected next.
  [[nodiscard]] bool plausible(std::uint32_t sequence) const;
  [[nodiscard]] std::uint64_t gap_bytes() const { return gap_bytes_; }
  [[nodiscard]] std::size_t held_bytes() const { return held_here_; }
  /// Sequence number of the next byte expected.
  [[nodiscard]] std::uint32_t expected() const { return expected_; }

 private:
  struct Held {
    std::uint64_t start;  ///< stream offset
    std::vector<std::byte> bytes;
    std::uint32_t missing;
    Instant at;
  };

  [[nodiscard]] bool gap_is_certain(Moment now) const;
  [[nodiscard]] std::optional<Piece> advance_over(std::uint64_t start, ByteView bytes,
                                                  std::uint32_t missing, FrameNumber frame);
  void hold(std::uint64_t start, ByteView bytes, std::uint32_t missing, Instant at);
  void release(std::size_t bytes);
  void pass_over(std::uint64_t hole);

  const FlowLimits* limits_;
  HeldBytes* held_;
  std::vector<Held> waiting_;       ///< sorted by start; after trimming, none overlap
  std::vector<std::byte> current_;  ///< the held segment that `next` handed out last
  ByteView direct_;                 ///< the in-order segment just added, not yet handed out
  std::uint32_t direct_missing_{0};
  FrameNumber direct_frame_{};
  std::uint64_t offset_{0};  ///< stream offset of the next byte expected
  std::uint32_t expected_{0};
  std::uint64_t acknowledged_{0};     ///< stream offset that the peer has confirmed
  std::optional<std::uint64_t> end_;  ///< stream offset of the FIN
  std::uint64_t pending_gap_{0};      ///< to be reported with the next piece
  std::uint64_t gap_bytes_{0};
  std::size_t held_here_{0};
  std::size_t packets_since_hole_{0};
  bool has_direct_{false};
  bool begun_{false};
};

}  // namespace remora::capture
