#include "daemon/pipeline/flow_worker.h"

#include <utility>

#include "dissect/conversation/recogniser.h"

namespace remora::pipeline {
namespace {

using capture::FlowEnd;
using capture::Interest;
using capture::TcpFlag;

/// LIMIT: segments judged before a flow is dismissed. Where no handshake was captured, any of the
/// first may begin a PDU; where one was, only the first of each side.
constexpr std::uint8_t kTriesBeforeDismissal = 8;

FlowFacts facts_of(const FlowKey& key, const capture::Flow& flow) {
  FlowFacts facts{.id = flow.id,
                  .transport = key.transport,
                  .first = flow.first,
                  .initiator_known = flow.initiator_known,
                  .sides = {}};
  for (const auto side : {Side::kInitiator, Side::kAcceptor}) {
    const auto& totals = flow.of(side);
    auto& to = facts.sides.at(index_of(side));
    to.address = flow.address(key, side);
    to.wire_bytes = totals.wire_bytes;
    to.payload_bytes = totals.payload_bytes;
    to.packets = totals.packets;
    to.retransmitted_packets = totals.retransmitted_packets;
    if (flow.detail != nullptr) {
      to.mac = flow.detail->mac.at(index_of(side));
      to.ttl = flow.detail->ttl.at(index_of(side));
      to.gap_bytes = flow.detail->streams.at(index_of(side)).gap_bytes();
    }
  }
  return facts;
}

FlowClosure closure_of(const capture::EndedFlow& ended) {
  FlowClosure closure{.by = ended.flow.closed_by, .at = {.time = ended.at, .frame = ended.frame}};
  switch (ended.how) {
    case FlowEnd::kFin:
      closure.how = FlowClosure::How::kFin;
      break;
    case FlowEnd::kReset:
      closure.how = FlowClosure::How::kReset;
      break;
    case FlowEnd::kTimeout:
      closure.how = FlowClosure::How::kTimeout;
      break;
    case FlowEnd::kCaptureEnd:
      closure.how = FlowClosure::How::kCaptureEnd;
      break;
  }
  return closure;
}

/// A TCP keep-alive repeats the last byte, or none, to provoke an answer (RFC 1122 4.2.3.6).
bool is_keep_alive(const capture::Packet& packet, const capture::Reassembler& stream) {
  return packet.payload_wire_bytes <= 1 && packet.sequence + 1 == stream.expected();
}

}  // namespace

void FlowWorker::on_packet(const capture::Packet& packet, std::vector<FlowReport>& out) {
  table_.expire(packet.at.time, ended_);
  const auto placed = table_.place(packet, ended_);
  if (!ended_.empty()) { close_ended(out); }
  auto& flow = *placed.flow;
  if (packet.transport != Transport::kTcp || flow.interest == Interest::kNone) { return; }
  on_segment(placed, packet, out);
  table_.follow_state(placed, packet);
}

void FlowWorker::on_segment(const Placed& placed, const capture::Packet& packet,
                            std::vector<FlowReport>& out) {
  auto& flow = *placed.flow;
  if (flow.detail == nullptr) {
    if (packet.payload.empty()) { return; }
    if (!may_be_wanted(placed, packet)) { return; }
    watch(placed, packet);
  }
  auto& stream = flow.detail->streams.at(index_of(placed.from));
  if (packet.payload_wire_bytes > 0) {
    const auto sequence = packet.sequence + (packet.flags.has(TcpFlag::kSyn) ? 1U : 0U);
    const auto missing =
        packet.payload_wire_bytes - static_cast<std::uint32_t>(packet.payload.size());
    const bool keep_alive = stream.begun() && is_keep_alive(packet, stream);
    if (stream.add(sequence, packet.payload, missing, packet.at) ==
            capture::Reassembler::Arrival::kRetransmission &&
        !keep_alive) {
      ++flow.of(placed.from).retransmitted_packets;
    }
  }
  if (packet.flags.has(TcpFlag::kAck)) {
    flow.detail->streams.at(index_of(other(placed.from))).acknowledged(packet.acknowledgement);
  }
  const auto watched = watched_.find(to_number(flow.id));
  read_streams(*placed.key, flow, watched->second, packet.at.time, false, out);
  if (flow.interest == Interest::kWanted && packet.at.time >= watched->second.next_interim) {
    watched->second.next_interim = packet.at.time + settings_.interim_interval;
    out.push_back({.flow = facts_of(*placed.key, flow), .what = StillOpen{.at = packet.at}});
  }
  settle(flow);
}

/// Decides by the first bytes, without copying them, whether the flow is worth a conversation.
bool FlowWorker::may_be_wanted(const Placed& placed, const capture::Packet& packet) {
  auto& flow = *placed.flow;
  const auto side = index_of(placed.from);
  const bool at_start = !flow.syn_seen.at(side) || flow.dismissed.at(side) ||
                        packet.sequence == flow.initial_sequence.at(side) + 1;
  if (!at_start) { return true; }
  if (flow.dismissed.at(side)) { return false; }
  if (recognise(families_, packet.payload).verdict != Verdict::kNo) { return true; }
  // The answer to bytes that nobody knows may still be known: each side is judged for itself.
  flow.dismissed.at(side) = flow.initiator_known;
  if ((flow.dismissed[0] && flow.dismissed[1]) ||
      ++flow.undecided_segments >= kTriesBeforeDismissal) {
    flow.interest = Interest::kNone;
  }
  return false;
}

void FlowWorker::watch(const Placed& placed, const capture::Packet& packet) {
  auto& flow = *placed.flow;
  table_.attach_detail(flow);
  flow.detail->mac.at(index_of(placed.from)) = packet.source_mac;
  flow.detail->mac.at(index_of(other(placed.from))) = packet.destination_mac;
  flow.detail->ttl.at(index_of(placed.from)) = packet.ttl;
  watched_.emplace(to_number(flow.id),
                   Watched{.conversation = Conversation{families_},
                           .next_interim = packet.at.time + settings_.interim_interval});
}

void FlowWorker::read_streams(const FlowKey& key, capture::Flow& flow, Watched& watched, Moment now,
                              bool at_end, std::vector<FlowReport>& out) {
  for (const auto side : {Side::kInitiator, Side::kAcceptor}) {
    read_stream(side, key, flow, watched, now, at_end, out);
  }
}

void FlowWorker::read_stream(Side side, const FlowKey& key, capture::Flow& flow, Watched& watched,
                             Moment now, bool at_end, std::vector<FlowReport>& out) {
  auto& stream = flow.detail->streams.at(index_of(side));
  while (const auto piece = stream.next(now, at_end)) {
    const Instant at{.time = now, .frame = piece->frame};
    if (piece->gap_bytes > 0) { watched.conversation.on_gap(side, piece->gap_bytes, at, found_); }
    watched.conversation.on_bytes(side, piece->bytes, at, found_);
    report_found(key, flow, out);
  }
}

void FlowWorker::report_found(const FlowKey& key, const capture::Flow& flow,
                              std::vector<FlowReport>& out) {
  if (found_.empty()) { return; }
  const auto facts = facts_of(key, flow);
  for (auto& finding : found_) { out.push_back({.flow = facts, .what = std::move(finding)}); }
  found_.clear();
}

/// Takes the consequence of what the conversation has found the flow to be.
void FlowWorker::settle(capture::Flow& flow) {
  const auto watched = watched_.find(to_number(flow.id));
  switch (watched->second.conversation.recognition()) {
    case Recognition::kRecognised:
      flow.interest = Interest::kWanted;
      break;
    case Recognition::kNothing:
      flow.interest = Interest::kNone;
      flow.detail.reset();
      watched_.erase(watched);
      break;
    case Recognition::kUndecided:
      break;
  }
}

void FlowWorker::close_ended(std::vector<FlowReport>& out) {
  for (auto& ended : ended_) {
    const auto watched = watched_.find(to_number(ended.flow.id));
    if (watched == watched_.end()) { continue; }
    read_streams(ended.key, ended.flow, watched->second, ended.at, true, out);
    end_streams(ended, watched->second, out);
    out.push_back({.flow = facts_of(ended.key, ended.flow), .what = closure_of(ended)});
    watched_.erase(watched);
  }
  ended_.clear();
}

/// A side that sent its FIN has said all; after an RST or silence nothing tells.
void FlowWorker::end_streams(const capture::EndedFlow& ended, Watched& watched,
                             std::vector<FlowReport>& out) {
  for (const auto side : {Side::kInitiator, Side::kAcceptor}) {
    if (ended.flow.fin_seen.at(index_of(side))) {
      watched.conversation.on_end(side, {.time = ended.at, .frame = ended.frame}, found_);
    }
  }
  report_found(ended.key, ended.flow, out);
}

void FlowWorker::finish(std::vector<FlowReport>& out) {
  table_.finish(ended_);
  close_ended(out);
}

}  // namespace remora::pipeline
