#include "capture/flow/packet_facts.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "capture/net/tcp_options.h"

namespace remora::capture {
namespace {

/// Hops by which the packets of one sender may differ when routes change.
constexpr int kSameDistance = 4;
constexpr Nanoseconds kTimeSlack = std::chrono::seconds{1};
/// RFC 7323 2.3.
constexpr std::uint8_t kMostShift = 14;
/// Where the SYNs were not captured nobody knows what a window counts.
constexpr std::uint32_t kUnknownWindow = 1U << 20;

/// Who begins another connection sends no more data of the old one.
bool is_refuted(const FlowDetail& detail, std::size_t side, const Packet& packet) {
  const auto& held = *detail.held_syn;
  return side == index_of(held.from) && packet.payload_wire_bytes > 0 &&
         packet.sequence != held.sequence + 1 && detail.streams.at(side).plausible(packet.sequence);
}

void take_from(SideTotals& totals, const SideTotals& part) {
  totals.packets -= part.packets;
  totals.wire_bytes -= part.wire_bytes;
  totals.payload_bytes -= part.payload_bytes;
}

/// Both sides have sent data, somebody wants it, and nobody closes: a SYN by itself changes
/// nothing.
bool is_established(const Flow& flow) {
  return flow.detail != nullptr && flow.interest == Interest::kWanted && !flow.closing &&
         flow.totals[0].payload_bytes > 0 && flow.totals[1].payload_bytes > 0;
}

/// A SYN on a known flow begins another connection when the old one was closing, when its sequence
/// number is not that of the SYN already seen from the same side, or when its sender has spoken
/// without one: what came before, if anybody read it, was another connection's.
bool is_new_connection(const Flow& flow, Side from, const Packet& syn) {
  if (flow.closing) { return true; }
  if (flow.syn_seen.at(index_of(from))) {
    return flow.initial_sequence.at(index_of(from)) != syn.sequence;
  }
  return !flow.initiator_known && flow.of(from).packets > 0;
}

/// The acceptor has answered, nobody closes, and nobody follows the flow: there is no room to hold
/// a SYN in. Whether another connection begins, its SYN-ACK will tell.
bool awaits_answer(const Flow& flow, Side from) {
  return flow.detail == nullptr && from == Side::kInitiator && !flow.closing &&
         flow.syn_seen.at(index_of(Side::kAcceptor));
}

/// A SYN-ACK to a SYN that was passed over because it might have been forged.
bool answers_another(const Flow& flow, Side from, const Packet& syn_ack) {
  return flow.syn_passed_over && flow.detail == nullptr && from == Side::kAcceptor &&
         !flow.closing && flow.initial_sequence.at(index_of(Side::kAcceptor)) != syn_ack.sequence &&
         flow.initial_sequence.at(index_of(Side::kInitiator)) + 1 != syn_ack.acknowledgement;
}

std::uint8_t window_shift_of(const Packet& syn) {
  return read_tcp_options(syn.tcp_options).window_shift.value_or(Flow::kNoShift);
}

void hold_syn(Flow& flow, Side from, const Packet& syn) {
  auto& held = flow.detail->held_syn;
  const bool again = held.has_value() && held->from == from && held->sequence == syn.sequence;
  if (!again) {
    held = HeldSyn{.sequence = syn.sequence,
                   .from = from,
                   .at = syn.at,
                   .totals = {},
                   .window_shift = window_shift_of(syn)};
  } else {
    ++held->totals.retransmitted_packets;
  }
  count(held->totals, syn);
}

/// The old flow does not count it any more.
std::optional<HeldSyn> take_answered_syn(Flow& flow, Side from, const Packet& syn_ack) {
  if (flow.detail == nullptr) { return std::nullopt; }
  const auto& held = flow.detail->held_syn;
  if (!held.has_value() || held->from == from || syn_ack.acknowledgement != held->sequence + 1) {
    return std::nullopt;
  }
  take_from(flow.of(held->from), held->totals);
  return std::exchange(flow.detail->held_syn, std::nullopt);
}

}  // namespace

MetSyn meet_syn(Flow& flow, Side from, const Packet& packet) {
  MetSyn met;
  if (has_flag(packet, TcpFlag::kAck)) {
    met.answered = take_answered_syn(flow, from, packet);
    if (!met.answered.has_value() && answers_another(flow, from, packet)) {
      met.answered = HeldSyn{.sequence = packet.acknowledgement - 1,
                             .from = Side::kInitiator,
                             .at = packet.at,
                             .totals = {},
                             .window_shift = Flow::kUnknownShift};
    }
    met.ends_flow = met.answered.has_value();
    met.refused = !met.ends_flow && is_established(flow);
    return met;
  }
  const bool another = is_new_connection(flow, from, packet);
  met.refused = is_established(flow) || (another && awaits_answer(flow, from));
  met.held = another && met.refused;
  met.ends_flow = another && !met.refused;
  if (met.held) {
    if (flow.detail != nullptr) { hold_syn(flow, from, packet); }
    flow.syn_passed_over = flow.detail == nullptr;
  }
  return met;
}

void begin_with(Flow& flow, const HeldSyn& syn) {
  flow.initiator_known = true;
  flow.syn_seen.at(index_of(Side::kInitiator)) = true;
  flow.initial_sequence.at(index_of(Side::kInitiator)) = syn.sequence;
  flow.of(Side::kInitiator) = syn.totals;
  flow.window_shift.at(index_of(Side::kInitiator)) = syn.window_shift;
}

bool follow_syn(Flow& flow, std::size_t side, const Packet& syn) {
  flow.initiator_known = true;
  if (side == index_of(Side::kInitiator) && syn.payload_wire_bytes > 0) {
    flow.syn_had_payload = true;
  }
  if (side == index_of(Side::kAcceptor) && flow.syn_seen.at(index_of(Side::kInitiator)) &&
      flow.initial_sequence.at(index_of(Side::kInitiator)) + 1 != syn.acknowledgement) {
    flow.initiator_disputed = true;
  }
  if (!flow.syn_seen.at(side)) {
    flow.syn_seen.at(side) = true;
    flow.initial_sequence.at(side) = syn.sequence;
    flow.window_shift.at(side) = window_shift_of(syn);
    return false;
  }
  if (flow.initial_sequence.at(side) != syn.sequence) {
    if (side == index_of(Side::kAcceptor)) {
      flow.syn_ack_changed = true;
      if (flow.detail != nullptr) { flow.detail->evasions.note(Evasion::kChangedSynAck, syn.at); }
    }
    return false;
  }
  ++flow.totals.at(side).retransmitted_packets;
  return true;
}

void settle_syn(Flow& flow, const Packet& packet) {
  const auto& initiator = flow.of(Side::kInitiator);
  const bool knows_peer =
      has_flag(packet, TcpFlag::kAck) &&
      packet.acknowledgement == flow.initial_sequence.at(index_of(Side::kAcceptor)) + 1;
  if (flow.detail != nullptr || !knows_peer ||
      initiator.payload_bytes > packet.payload_wire_bytes) {
    return;
  }
  flow.initial_sequence.at(index_of(Side::kInitiator)) = packet.sequence - 1;
  flow.initiator_disputed = false;
}

void settle_syn_ack(Flow& flow, const Packet& packet) {
  const auto& acceptor = flow.of(Side::kAcceptor);
  if (flow.detail != nullptr || acceptor.payload_bytes > 0 || !has_flag(packet, TcpFlag::kAck)) {
    return;
  }
  flow.initial_sequence.at(index_of(Side::kAcceptor)) = packet.acknowledgement - 1;
}

void follow_detail(FlowDetail& detail, const Flow& flow, std::size_t side, const Packet& packet) {
  detail.last_frame = packet.at.frame;
  if (!detail.ttl.at(side).has_value()) { detail.ttl.at(side) = packet.ttl; }
  if (!has_flag(packet, TcpFlag::kRst)) { detail.ttl_last.at(side) = packet.ttl; }
  if (packet.at.time + kTimeSlack < flow.last) {
    detail.evasions.note(Evasion::kTimeBackwards, packet.at);
  }
  if (detail.held_syn.has_value() && is_refuted(detail, side, packet)) {
    detail.evasions.note(Evasion::kForgedSyn, detail.held_syn->at);
    detail.held_syn.reset();
  }
}

bool is_same_distance(const FlowDetail& detail, std::size_t side, const Packet& packet) {
  return std::abs(detail.ttl.at(side).value_or(packet.ttl) - packet.ttl) <= kSameDistance;
}

bool is_new_distance(const FlowDetail& detail, std::size_t side, const Packet& packet) {
  const auto last = detail.ttl_last.at(side);
  return last.has_value() && last != packet.ttl && detail.ttl.at(side) != packet.ttl;
}

std::uint32_t window_bytes(const Flow& flow, Side from, const Packet& packet) {
  const auto& shifts = flow.window_shift;
  if (shifts[0] == Flow::kNoShift || shifts[1] == Flow::kNoShift) { return packet.window; }
  if (shifts[0] == Flow::kUnknownShift || shifts[1] == Flow::kUnknownShift) {
    return kUnknownWindow;
  }
  return std::uint32_t{packet.window} << std::min(shifts.at(index_of(from)), kMostShift);
}

void look_for_evasion(FlowDetail& detail, std::size_t side, const Packet& packet) {
  if (packet.flags.has(TcpFlag::kUrg) && packet.urgent > 0) {
    detail.evasions.note(Evasion::kUrgentData, packet.at);
  }
  if (detail.streams.at(side).conflict_frame() == packet.at.frame &&
      !is_same_distance(detail, side, packet)) {
    detail.evasions.note(Evasion::kInjected, packet.at);
  }
}

}  // namespace remora::capture
