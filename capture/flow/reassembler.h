#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "capture/base/bytes.h"
#include "capture/base/frame.h"
#include "capture/base/time.h"
#include "capture/flow/delivered.h"
#include "capture/flow/evasion.h"
#include "capture/flow/limits.h"

namespace remora::capture {

/// Memory of all reassemblers and flow details of one owner, so that there is a limit in total.
struct HeldBytes {
  std::size_t now{0};       ///< payload that came too early
  std::size_t overhead{0};  ///< what keeping it costs, what was delivered last, and the details
};

/// What became readable of one side: bytes, or a hole before them.
struct Piece {
  std::uint64_t gap_bytes{0};  ///< missing before `bytes`
  ByteView bytes;
  FrameNumber frame{};
};

/// Puts the segments of one side of a TCP connection into order (RFC 9293 3.4: sequence numbers
/// wrap at 2^32). Where two segments claim the same bytes, the first to be read counts, as Windows
/// mostly does; that the claims differ is noted as an evasion, as far as `Delivered` remembers.
/// Urgent bytes stay in the stream: no Remote Desktop peer sends any.
///
/// A segment ahead of the expected byte is held only as far as the peer's window reaches. A hole is
/// passed over as far as the peer has acknowledged, and no further; where the peer is not captured,
/// or not any more, when a limit is met or time has passed. Where the capture lost more than any
/// window, the stream goes on where segments follow each other that the peer acknowledges.
///
/// Usage: `add` a segment, then call `next` until it is empty. In-order data passes through without
/// being held; the last 1 KiB is copied. Cost: constant for in-order segments, linear in the
/// number of held segments otherwise.
class Reassembler {
 public:
  /// LIMIT: a run of this many new segments of at most `kTinyBytes` is an evasion. The smallest
  /// fast-path input PDU that is sent in numbers has 4 bytes, so that typing is none.
  static constexpr std::uint8_t kTinyRun = 32;
  static constexpr std::size_t kTinyBytes = 3;

  /// `evasions`, where given, is told what the segments show; it must outlive this object.
  Reassembler(const FlowLimits& limits, HeldBytes& held, EvasionSet* evasions = nullptr)
      : limits_{&limits}, held_{&held}, evasions_{evasions} {}
  Reassembler(const Reassembler&) = delete;
  Reassembler& operator=(const Reassembler&) = delete;
  Reassembler(Reassembler&&) = delete;
  Reassembler& operator=(Reassembler&&) = delete;
  ~Reassembler();

  /// The stream begins after the SYN with sequence number `sequence`.
  void begin(std::uint32_t sequence);

  /// The peer's acknowledgements are in the capture: it has answered the SYN.
  void expect_acknowledgements(Moment now);

  /// What a segment was, as far as its sequence number tells.
  enum class Arrival : std::uint8_t { kNew, kRetransmission, kOutsideWindow };

  /// A segment with payload. `missing` bytes of it were cut off by the snap length. `payload` must
  /// stay valid until `next` has returned empty.
  Arrival add(std::uint32_t sequence, ByteView payload, std::uint32_t missing, Instant at);

  /// The peer acknowledged everything before `acknowledgement`: holes below it were lost by the
  /// capture, not by the network. It takes `window_bytes` more.
  void acknowledged(std::uint32_t acknowledgement, std::uint32_t window_bytes = 0, Moment now = {});

  /// Whether the peer may acknowledge this, by what was sent as far as is known. False for what is
  /// far away: the capture may have lost a lot.
  [[nodiscard]] bool may_be_acknowledged(std::uint32_t acknowledgement) const;

  /// Whether a segment claims other bytes than were read, or are held, for the same place.
  [[nodiscard]] bool contradicts(std::uint32_t sequence, ByteView payload) const;

  /// The stream ends before `sequence`, the number that its FIN occupies.
  void ends_at(std::uint32_t sequence);
  /// That was not so.
  void goes_on() { end_.reset(); }

  /// Where a FIN or RST lies. Without a peer to be heard all that is possible is expected.
  enum class EndPlace : std::uint8_t {
    kImpossible,  ///< outside any window
    kBehind,      ///< of what was read or acknowledged
    kExpected,    ///< where the peer, or this stream, expects the next byte
    kAhead,
  };
  [[nodiscard]] EndPlace place_of_end(std::uint32_t sequence) const;

  /// The peer's acknowledgements are in the capture, and it has not fallen silent for long while
  /// this side goes on.
  [[nodiscard]] bool peer_is_heard(Moment now) const;

  /// The next piece in order, valid until the next call; empty when nothing is readable. With
  /// `at_end`, holes are given up at once.
  [[nodiscard]] std::optional<Piece> next(Moment now, bool at_end = false);

  [[nodiscard]] bool begun() const { return begun_; }
  /// Something came out, or was passed over.
  [[nodiscard]] bool has_read() const { return offset_ > 0; }
  /// True where `sequence` lies within a receive window's reach of what is expected next.
  [[nodiscard]] bool plausible(std::uint32_t sequence) const;
  [[nodiscard]] std::uint64_t gap_bytes() const { return gap_bytes_; }
  [[nodiscard]] std::size_t held_bytes() const { return held_here_; }
  /// All that this object keeps beside itself.
  [[nodiscard]] std::size_t memory_bytes() const {
    return held_here_ + waiting_count() * kHeldCost + delivered_.memory_bytes();
  }
  /// Sequence number of the next byte expected.
  [[nodiscard]] std::uint32_t expected() const { return expected_; }
  /// Frame of the last segment that claimed other bytes than another; 0 where none did.
  [[nodiscard]] FrameNumber conflict_frame() const { return conflict_frame_; }

 private:
  struct Held {
    std::uint64_t start;  ///< stream offset
    std::vector<std::byte> bytes;
    std::uint32_t missing;
    Instant at;

    [[nodiscard]] std::uint64_t end() const { return start + bytes.size(); }
  };
  using HeldList = std::vector<Held>;
  /// Beside its bytes; with what the allocator adds.
  static constexpr std::size_t kHeldCost = sizeof(Held) + 24;

  [[nodiscard]] bool may_end_at(std::uint32_t sequence) const;
  [[nodiscard]] bool is_over_limit() const;
  [[nodiscard]] std::uint64_t lost_until(Moment now, bool at_end) const;
  [[nodiscard]] bool is_beyond_window(std::int64_t ahead, Moment now) const;
  void drop_last();
  [[nodiscard]] bool pass_over_hole(Moment now, bool at_end);
  void pass_over_tail(Moment now);
  [[nodiscard]] bool goes_on_at(std::uint32_t sequence, std::uint64_t length);
  [[nodiscard]] std::optional<Piece> advance_over(std::uint64_t start, ByteView bytes,
                                                  std::uint32_t missing, FrameNumber frame);
  void look_for_evasion(std::int64_t ahead, ByteView payload, Instant at);
  [[nodiscard]] bool agrees(std::int64_t ahead, ByteView payload) const;
  [[nodiscard]] bool agrees_with_held(std::uint64_t start, ByteView payload) const;
  void count_tiny(std::size_t payload_bytes, Instant at);
  void hold(std::uint64_t start, ByteView bytes, std::uint32_t missing, Instant at);
  [[nodiscard]] HeldList::const_iterator first_reaching_beyond(std::uint64_t offset) const;
  [[nodiscard]] Held take_first();
  [[nodiscard]] std::size_t waiting_count() const { return waiting_.size() - taken_; }
  void pass_over(std::uint64_t hole);

  const FlowLimits* limits_;
  HeldBytes* held_;
  EvasionSet* evasions_;
  HeldList waiting_;                ///< from `taken_` on: sorted by start; none overlap
  std::size_t taken_{0};            ///< at the front of `waiting_`, to be erased
  std::vector<std::byte> current_;  ///< the held segment that `next` handed out last
  ByteView direct_;                 ///< the in-order segment just added, not yet handed out
  std::uint32_t direct_missing_{0};
  std::uint32_t expected_{0};
  FrameNumber direct_frame_{};
  std::uint64_t offset_{0};           ///< stream offset of the next byte expected
  std::uint64_t acknowledged_{0};     ///< stream offset that the peer has confirmed
  std::uint64_t window_end_{0};       ///< stream offset up to which it takes bytes
  std::uint32_t window_{0};           ///< what it said last
  std::uint32_t unanswered_{0};       ///< segments since it was heard, with a hole before them
  Moment heard_{};                    ///< when it acknowledged last
  std::uint64_t beyond_{0};           ///< stream offset of the first segment beyond the window…
  Instant beyond_at_;                 ///< …which the peer has not accounted for
  std::optional<std::uint64_t> end_;  ///< stream offset of the FIN
  std::uint64_t pending_gap_{0};      ///< to be reported with the next piece
  std::uint64_t gap_bytes_{0};
  std::size_t held_here_{0};
  std::size_t packets_since_hole_{0};
  Delivered delivered_;
  FrameNumber conflict_frame_{};
  std::uint32_t elsewhere_next_{0};  ///< behind the last segment out of all reach
  std::uint8_t elsewhere_run_{0};    ///< such segments, one behind the other
  bool elsewhere_acknowledged_{false};
  bool peer_acknowledges_{false};
  std::uint8_t tiny_run_{0};
  bool has_direct_{false};
  bool begun_{false};
};

}  // namespace remora::capture
