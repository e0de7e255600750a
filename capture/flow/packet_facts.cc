#include "capture/flow/packet_facts.h"

#include <utility>

namespace remora::capture {
namespace {

/// Hops by which the packets of one sender may differ when routes change.
constexpr int kSameDistance = 4;
constexpr Nanoseconds kTimeSlack = std::chrono::seconds{1};

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

void hold_syn(Flow& flow, Side from, const Packet& syn) {
  auto& held = flow.detail->held_syn;
  const bool again = held.has_value() && held->from == from && held->sequence == syn.sequence;
  if (!again) {
    held = HeldSyn{.sequence = syn.sequence, .from = from, .at = syn.at, .totals = {}};
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
                             .totals = {}};
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
}

bool follow_syn(Flow& flow, std::size_t side, const Packet& syn) {
  flow.initiator_known = true;
  if (side == index_of(Side::kAcceptor) && flow.syn_seen.at(index_of(Side::kInitiator)) &&
      flow.initial_sequence.at(index_of(Side::kInitiator)) + 1 != syn.acknowledgement) {
    flow.initiator_disputed = true;
  }
  if (!flow.syn_seen.at(side)) {
    flow.syn_seen.at(side) = true;
    flow.initial_sequence.at(side) = syn.sequence;
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
  detail.ttl_last.at(side) = packet.ttl;
  if (packet.at.time + kTimeSlack < flow.last) {
    detail.evasions.note(Evasion::kTimeBackwards, packet.at);
  }
  if (detail.held_syn.has_value() && is_refuted(detail, side, packet)) {
    detail.evasions.note(Evasion::kForgedSyn, detail.held_syn->at);
    detail.held_syn.reset();
  }
}

bool refutes_reset(const Flow& flow, Side from, const Packet& packet) {
  if (!flow.closing || !flow.closed_by_reset || from != flow.closed_by ||
      packet.payload_wire_bytes == 0 || packet.flags.has(TcpFlag::kRst)) {
    return false;
  }
  const auto ahead = static_cast<std::int32_t>(packet.sequence - flow.detail->reset_sequence);
  return ahead >= 0 && flow.detail->streams.at(index_of(from)).plausible(packet.sequence);
}

void look_for_evasion(FlowDetail& detail, std::size_t side, const Packet& packet) {
  if (packet.flags.has(TcpFlag::kUrg) && packet.urgent > 0) {
    detail.evasions.note(Evasion::kUrgentData, packet.at);
  }
  const int usual = detail.ttl.at(side).value_or(packet.ttl);
  const int distance = usual > packet.ttl ? usual - packet.ttl : packet.ttl - usual;
  if (detail.streams.at(side).conflict_frame() == packet.at.frame && distance > kSameDistance) {
    detail.evasions.note(Evasion::kInjected, packet.at);
  }
}

}  // namespace remora::capture
