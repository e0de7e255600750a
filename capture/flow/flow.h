#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "capture/base/address.h"
#include "capture/base/flow_key.h"
#include "capture/base/frame.h"
#include "capture/flow/evasion.h"
#include "capture/flow/limits.h"
#include "capture/flow/reassembler.h"

namespace remora::capture {

/// What one side of a flow sent.
struct SideTotals {
  std::uint64_t wire_bytes{0};     ///< whole frames, link headers included
  std::uint64_t payload_bytes{0};  ///< TCP or UDP payload, retransmissions counted
  std::uint32_t packets{0};
  std::uint32_t retransmitted_packets{0};
};

/// Whether anybody above wants the bytes of a flow.
enum class Interest : std::uint8_t {
  kUndecided,  ///< no payload, or not enough of it, was seen yet
  kNone,       ///< counted only
  kWanted,
};

/// What ended a TCP connection, or why its flow was given up.
enum class FlowEnd : std::uint8_t { kFin, kReset, kTimeout, kCaptureEnd };

/// A SYN on an established connection. Its receiver answers with an acknowledgement of what it
/// expects and goes on (RFC 5961 4), unless it has lost the connection and answers with a SYN-ACK.
struct HeldSyn {
  std::uint32_t sequence{0};
  Side from{};
  Instant at;         ///< of the first with this sequence number
  SideTotals totals;  ///< of all of them; counted for the old connection as well
  std::uint8_t window_shift{0};
};

/// How a side's stream seems to end. Who sent the packet is not proven: see ends.h.
struct SeenEnd {
  Instant at;              ///< of the FIN, or of the RST where there was none before it
  std::uint32_t place{0};  ///< the sequence number that it occupies
  bool fin{false};
  bool reset{false};
  bool believed{false};
  bool acknowledged{false};    ///< the peer took the FIN
  bool other_distance{false};  ///< an RST with another TTL than what its side sent before it
};

/// Data that came with a SYN. Its receiver may take it (RFC 7413) or not: the answer tells.
struct SynPayload {
  std::uint32_t sequence{0};  ///< of its first byte
  std::vector<std::byte> bytes;
  Instant at;
};

/// What only flows with payload of interest need. Its memory counts against FlowLimits.
struct FlowDetail {
  FlowDetail(const FlowLimits& limits, HeldBytes& held);
  FlowDetail(const FlowDetail&) = delete;
  FlowDetail& operator=(const FlowDetail&) = delete;
  FlowDetail(FlowDetail&&) = delete;
  FlowDetail& operator=(FlowDetail&&) = delete;
  ~FlowDetail();

  [[nodiscard]] std::size_t memory_bytes() const {
    return sizeof *this + streams[0].memory_bytes() + streams[1].memory_bytes() + charged;
  }
  /// Whoever follows the flow keeps so many bytes for it, beside this.
  void charge(std::size_t bytes);

  HeldBytes* held;
  std::size_t charged{0};
  EvasionSet evasions;                                     // before the streams, which write to it
  std::array<Reassembler, 2> streams;                      ///< by index_of(Side)
  std::array<std::optional<SeenEnd>, 2> ends;              ///< by index_of(Side)
  std::array<std::unique_ptr<SynPayload>, 2> syn_payload;  ///< not yet answered; likewise
  FrameNumber last_frame{};                                ///< of the flow
  std::optional<HeldSyn> held_syn;  ///< the last SYN that is not yet answered
  std::array<std::optional<MacAddress>, 2> mac;
  std::array<std::optional<std::uint8_t>, 2> ttl;       ///< of the first packet seen of each side
  std::array<std::optional<std::uint8_t>, 2> ttl_last;  ///< of the last that is no RST
};

/// One TCP connection or UDP exchange. Kept small: most flows are of no interest.
struct Flow {
  static constexpr std::uint8_t kNoShift = 0xff;       ///< the SYN had no such option
  static constexpr std::uint8_t kUnknownShift = 0xfe;  ///< the SYN was not seen

  FrameNumber id{};  ///< of its first packet; unique in a capture
  Moment first;
  Moment last;                       ///< the latest seen; never goes back
  std::array<SideTotals, 2> totals;  ///< by index_of(Side)
  std::unique_ptr<FlowDetail> detail;
  std::array<std::uint32_t, 2> initial_sequence{};  ///< of the SYNs
  bool initiator_is_low{true};
  bool initiator_known{false};  ///< a SYN was seen
  std::array<bool, 2> syn_seen{};
  std::array<bool, 2> fin_seen{};
  std::array<std::uint8_t, 2> window_shift{kUnknownShift, kUnknownShift};  ///< RFC 7323 2.2
  bool closing : 1 {false};             ///< a FIN or RST was seen, and believed
  bool closed_by_reset : 1 {false};     ///< the first of them was an RST
  bool over : 1 {false};                ///< an RST or both FINs were seen, and believed
  bool syn_ack_changed : 1 {false};     ///< SYN-ACKs with different sequence numbers were seen
  bool initiator_disputed : 1 {false};  ///< a SYN-ACK acknowledged another SYN than the one seen
  bool syn_passed_over : 1 {false};  ///< a SYN that may have been forged, with no room to hold it
  bool syn_had_payload : 1 {false};  ///< the initiator's
  bool carries_no_session : 1 {false};   ///< though its bytes are wanted: the first to go of such
  std::uint8_t right_checksums : 4 {0};  ///< the SYNs' own; bits are for whoever follows the flow
  Side closed_by{};
  Interest interest{Interest::kUndecided};
  std::array<bool, 2> dismissed{};  ///< by index_of(Side): its first bytes are nobody's
  std::uint8_t undecided_segments{0};

  [[nodiscard]] const SocketAddress& address(const FlowKey& key, Side side) const {
    return (side == Side::kInitiator) == initiator_is_low ? key.low : key.high;
  }
  [[nodiscard]] SideTotals& of(Side side) { return totals.at(index_of(side)); }
  [[nodiscard]] const SideTotals& of(Side side) const { return totals.at(index_of(side)); }
  /// Whether its end is worth telling.
  [[nodiscard]] bool is_followed() const {
    return detail != nullptr || interest == Interest::kWanted;
  }
};

}  // namespace remora::capture
