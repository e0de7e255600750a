#include "capture/flow/packet_facts.h"

namespace remora::capture {
namespace {

/// Hops by which the packets of one sender may differ when routes change.
constexpr int kSameDistance = 4;
constexpr Nanoseconds kTimeSlack = std::chrono::seconds{1};

}  // namespace

bool follow_syn(Flow& flow, std::size_t side, const Packet& syn) {
  flow.initiator_known = true;
  if (!flow.syn_seen.at(side)) {
    flow.syn_seen.at(side) = true;
    flow.initial_sequence.at(side) = syn.sequence;
    return false;
  }
  ++flow.totals.at(side).retransmitted_packets;
  if (side == index_of(Side::kAcceptor) && flow.initial_sequence.at(side) != syn.sequence) {
    flow.syn_ack_changed = true;
    if (flow.detail != nullptr) { flow.detail->evasions.note(Evasion::kChangedSynAck, syn.at); }
  }
  return true;
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
