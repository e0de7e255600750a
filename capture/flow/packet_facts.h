#pragma once

#include <cstddef>
#include <optional>

#include "capture/flow/flow.h"
#include "capture/net/packet.h"

namespace remora::capture {

[[nodiscard]] inline bool has_flag(const Packet& packet, TcpFlag flag) {
  return packet.transport == Transport::kTcp && packet.flags.has(flag);
}

inline void count(SideTotals& totals, const Packet& packet) {
  ++totals.packets;
  totals.wire_bytes += packet.wire_bytes;
  totals.payload_bytes += packet.payload_wire_bytes;
}

/// What a packet with SYN means for the flow that bears its addresses.
struct MetSyn {
  bool ends_flow{false};            ///< another connection begins with it
  std::optional<HeldSyn> answered;  ///< then: the SYN that this SYN-ACK acknowledges
  bool held{false};                 ///< another may have begun: it is to be seen who answers
  bool refused{false};              ///< its receiver takes nothing from it
};

/// Judges a SYN or SYN-ACK on a known flow. An established flow of interest ends only when the
/// other side acknowledges the SYN (RFC 5961 4: who still knows the connection will not); a held
/// SYN is counted for the old flow until then. LIMIT: of SYNs with different sequence numbers the
/// last is held.
[[nodiscard]] MetSyn meet_syn(Flow& flow, Side from, const Packet& packet);

/// A fresh flow begins with a SYN that was held.
void begin_with(Flow& flow, const HeldSyn& syn);

// `side` is the sender's index_of(Side).

/// Takes in a packet with SYN. True for a repetition. Of different SYN-ACKs the first counts until
/// the initiator confirms one.
[[nodiscard]] bool follow_syn(Flow& flow, std::size_t side, const Packet& syn);

/// A packet of the initiator after a SYN-ACK that acknowledged another SYN than the one seen: one
/// of them was forged. Who knows the acceptor's number is the initiator, and its own number counts.
void settle_syn(Flow& flow, const Packet& packet);

/// A packet of the initiator after different SYN-ACKs: what it acknowledges is the one that counts.
void settle_syn_ack(Flow& flow, const Packet& packet);

/// What a packet of a flow with a detail tells of it, before its payload is read and `flow.last`
/// goes on.
void follow_detail(FlowDetail& detail, const Flow& flow, std::size_t side, const Packet& packet);

/// Whether it comes from about as far away as the side's first packet that was followed.
[[nodiscard]] bool is_same_distance(const FlowDetail& detail, std::size_t side,
                                    const Packet& packet);

/// Whether it comes from as far away as neither the side's first packet nor its last: a tap may see
/// what a side sends twice, before and behind a router.
[[nodiscard]] bool is_new_distance(const FlowDetail& detail, std::size_t side,
                                   const Packet& packet);

/// How much its sender takes beyond what it acknowledges (RFC 7323 2.2).
[[nodiscard]] std::uint32_t window_bytes(const Flow& flow, Side from, const Packet& packet);

/// What it shows once its payload was read.
void look_for_evasion(FlowDetail& detail, std::size_t side, const Packet& packet);

}  // namespace remora::capture
