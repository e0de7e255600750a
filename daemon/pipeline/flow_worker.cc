#include "daemon/pipeline/flow_worker.h"

#include <algorithm>
#include <array>
#include <bit>
#include <iterator>
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
/// LIMIT: the same for datagrams.
constexpr std::uint8_t kDatagramsBeforeDismissal = 4;
/// Instead of their number, for a UDP flow with datagrams of a known kind.
constexpr std::uint8_t kOfUse = 0xff;
/// More than a tick may lag behind a packet.
constexpr Nanoseconds kFarAhead = std::chrono::hours{1};
/// What a conversation keeps beside its unread bytes, and a session beyond it. Rounded up.
constexpr std::size_t kConversationCost = std::size_t{4} << 10U;
constexpr std::size_t kSessionCost = std::size_t{8} << 10U;

FlowFacts facts_of(const FlowKey& key, const capture::Flow& flow,
                   const std::optional<NetworkId>& network) {
  FlowFacts facts{.id = flow.id,
                  .transport = key.transport,
                  .first = flow.first,
                  .initiator_known = flow.initiator_known,
                  .network = network,
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

/// A dismissed UDP flow is judged again at its 8th, 16th, 32nd... datagram of a side: junk in front
/// does not hide what follows.
bool deserves_another_look(const capture::Flow& flow, Side from) {
  return std::has_single_bit(flow.of(from).packets) &&
         flow.of(from).packets > kDatagramsBeforeDismissal;
}

/// A TCP keep-alive repeats the last byte, or none, to provoke an answer (RFC 1122 4.2.3.6).
bool is_keep_alive(const capture::Packet& packet, const capture::Reassembler& stream) {
  return packet.payload_wire_bytes <= 1 && packet.sequence + 1 == stream.expected();
}

struct EvasionWords {
  const char* code;
  const char* detail;
};

/// In the order of capture::Evasion; docs/events.md lists them.
constexpr std::array kEvasionWords{
    EvasionWords{"tcp.overlap_conflict", "a segment repeats part of the stream with other bytes"},
    EvasionWords{"tcp.injected", "a conflicting segment came from another distance"},
    EvasionWords{"tcp.tiny_segments", "a long run of segments of at most 3 bytes"},
    EvasionWords{"tcp.urgent_data", "urgent data in a protocol that has none"},
    EvasionWords{"tcp.blind_reset", "an RST or FIN that its receiver did not believe"},
    EvasionWords{"tcp.changed_syn_ack", "two SYN-ACKs with different sequence numbers"},
    EvasionWords{"capture.time_backwards", "capture time went back by more than a second"},
    EvasionWords{"tcp.bad_checksum", "a segment whose checksum its receiver will refuse"},
    EvasionWords{"ip.fragment_conflict", "overlapping fragments with different bytes"},
    EvasionWords{"tcp.no_ack", "data without an acknowledgement, which every receiver drops"},
    EvasionWords{"tcp.forged_syn", "a SYN on an established connection that nobody answered"},
};
static_assert(kEvasionWords.size() == capture::kEvasions);

const EvasionWords& words_of(capture::Evasion kind) {
  return kEvasionWords.at(static_cast<std::size_t>(kind));
}

Datagram datagram_of(const capture::FlowTable::Placed& placed, const capture::Packet& packet) {
  return {.from = placed.from,
          .source = {packet.source, packet.source_port},
          .destination = {packet.destination, packet.destination_port},
          .bytes = packet.payload,
          .at = packet.at};
}

}  // namespace

FlowWorker::FlowWorker(Families families, const WorkerSettings& settings)
    : families_{families}, settings_{settings}, table_{settings.limits} {
  for (const auto& family : families) {
    if (family.overhear != nullptr) { overhearers_.push_back(family.overhear); }
    readers_.push_back(family.make_reader == nullptr ? nullptr : family.make_reader());
  }
}

void FlowWorker::on_tick(Instant at, Reports& out) {
  order_ = {.frame = at.frame, .phase = ReportOrder::Phase::kTick, .flow = {}};
  clock_ = at.time;
  table_.expire(at.time, ended_);
  if (!ended_.empty()) { close_ended(out); }
}

void FlowWorker::on_packet(const capture::Packet& packet, Reports& out) {
  order_ = {.frame = packet.at.frame, .phase = ReportOrder::Phase::kPacket, .flow = {}};
  const auto placed = table_.place(packet, ended_);
  if (!ended_.empty()) { close_ended(out); }
  network_ = network_of(packet.tunnels);
  auto& flow = *placed.flow;
  if (packet.transport == Transport::kUdp) {
    if (flow.interest != Interest::kNone || deserves_another_look(flow, placed.from)) {
      on_datagram(placed, packet, out);
    }
    return;
  }
  const bool taken = flow.interest == Interest::kNone || on_segment(placed, packet, out);
  if (taken) { table_.follow_state(placed, packet); }
  if (flow.interest == Interest::kWanted) { tell_evasions(*placed.key, flow, packet.at, out); }
}

/// What was noted before the session opened is told now, with the frame that showed it.
void FlowWorker::tell_evasions(const FlowKey& key, capture::Flow& flow, Instant now, Reports& out) {
  if (flow.detail == nullptr) { return; }
  while (const auto noted = flow.detail->evasions.take_unreported()) {
    watched_.find(to_number(flow.id))->second.told = true;
    const auto& words = words_of(noted->kind);
    report(key, flow,
           Finding{.at = now,
                   .from = Side::kInitiator,
                   .rule = words.code,
                   .what = observation::Anomaly{.code = words.code,
                                                .detail = words.detail,
                                                .shown_by = noted->at.frame}},
           out);
  }
}

void FlowWorker::on_datagram(const Placed& placed, const capture::Packet& packet, Reports& out) {
  auto& flow = *placed.flow;
  const auto datagram = datagram_of(placed, packet);
  Watched* watched = nullptr;
  if (flow.detail == nullptr) {
    const auto* family = recognise_datagram(families_, datagram);
    if (family == nullptr) {
      if (flow.undecided_segments != kOfUse &&
          ++flow.undecided_segments >= kDatagramsBeforeDismissal) {
        flow.interest = Interest::kNone;
      }
      return;
    }
    // What has told something once may tell more, whatever comes in between.
    flow.interest = Interest::kUndecided;
    flow.undecided_segments = kOfUse;
    if (family->make_for_datagrams == nullptr) {
      Findings read;
      read_alone(*family, datagram, read);
      for (auto& finding : read.found()) { report(*placed.key, flow, std::move(finding), out); }
      return;
    }
    watched = &watch(placed, packet, DatagramConversation{families_, *family, *settings_.context});
    flow.interest = Interest::kWanted;
  } else {
    watched = &watched_.find(to_number(flow.id))->second;
  }
  watched->path.on_packet(placed.from, packet);
  auto& conversation = std::get<DatagramConversation>(watched->conversation);
  conversation.on_datagram(datagram, found_);
  report_found(*placed.key, flow, *watched, out);
  if (conversation.left()) {
    dismiss(placed, *watched, out);
    return;
  }
  tell_interim(placed, packet, *watched, out);
}

void FlowWorker::read_alone(const Family& family, const Datagram& datagram, Findings& out) {
  const auto& reader = readers_.at(static_cast<std::size_t>(&family - families_.data()));
  if (reader != nullptr) {
    reader->on_datagram(datagram, out);
  } else {
    family.read_datagram(datagram, out);
  }
}

/// False where the segment's receiver will not take it.
bool FlowWorker::on_segment(const Placed& placed, const capture::Packet& packet, Reports& out) {
  auto& flow = *placed.flow;
  if (flow.detail == nullptr) {
    if (packet.payload.empty() || !may_be_wanted(placed, packet, out)) { return true; }
    watch(placed, packet, Conversation{families_, *settings_.context});
  }
  auto& watched = watched_.find(to_number(flow.id))->second;
  if (placed.refused) { return false; }
  // RFC 9293 3.10.7.4: fifth, without ACK the segment is dropped.
  if (!packet.payload.empty() && !packet.flags.has(capture::TcpFlag::kAck) &&
      !packet.flags.has(capture::TcpFlag::kSyn) && !packet.flags.has(capture::TcpFlag::kRst)) {
    flow.detail->evasions.note(capture::Evasion::kNoAck, packet.at);
    return false;
  }
  if (packet.fragment_conflict) {
    flow.detail->evasions.note(capture::Evasion::kFragmentConflict, packet.at);
  }
  if (watched.checksums.will_be_refused(placed.from, packet)) {
    flow.detail->evasions.note(capture::Evasion::kBadChecksum, packet.at);
    return false;
  }
  watched.path.on_packet(placed.from, packet);
  add_segment(placed, packet);
  read_streams(*placed.key, flow, watched, packet.at.time, false, out);
  if (flow.interest == Interest::kWanted) {
    if (watched.path.has_news()) { report_found(*placed.key, flow, watched, out); }
    tell_interim(placed, packet, watched, out);
  }
  settle(placed, watched, out);
  return true;
}

void FlowWorker::add_segment(const Placed& placed, const capture::Packet& packet) {
  auto& flow = *placed.flow;
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
}

void FlowWorker::tell_interim(const Placed& placed, const capture::Packet& packet, Watched& watched,
                              Reports& out) {
  // A packet from the future is no reason.
  if (packet.at.time < watched.next_interim || packet.at.time > clock_ + kFarAhead) { return; }
  watched.next_interim = packet.at.time + settings_.interim_interval;
  report(*placed.key, *placed.flow, StillOpen{.at = packet.at}, out);
}

/// Decides by the first bytes, without copying them, whether the flow is worth a conversation.
bool FlowWorker::may_be_wanted(const Placed& placed, const capture::Packet& packet, Reports& out) {
  auto& flow = *placed.flow;
  const auto side = index_of(placed.from);
  const bool at_start = !flow.syn_seen.at(side) || flow.dismissed.at(side) ||
                        packet.sequence == flow.initial_sequence.at(side) + 1;
  if (!at_start) { return true; }
  // Other first bytes than before: somebody put the first ones there for us alone.
  const bool again = flow.dismissed.at(side);
  if (again && packet.sequence != flow.initial_sequence.at(side) + 1) { return false; }
  if (!again) { overhear(placed, packet, out); }
  if (recognise(families_, packet.payload).verdict != Verdict::kNo) { return true; }
  if (settings_.context->scan_streams) { return true; }
  // The answer to bytes that nobody knows may still be known: each side is judged for itself.
  flow.dismissed.at(side) = flow.initiator_known;
  if ((flow.dismissed[0] && flow.dismissed[1]) ||
      ++flow.undecided_segments >= kTriesBeforeDismissal) {
    flow.interest = Interest::kNone;
  }
  return false;
}

void FlowWorker::overhear(const Placed& placed, const capture::Packet& packet, Reports& out) {
  const auto segment = datagram_of(placed, packet);
  Findings heard;
  for (const auto listen : overhearers_) { listen(segment, heard); }
  for (auto& finding : heard.found()) {
    report(*placed.key, *placed.flow, std::move(finding), out);
  }
}

FlowWorker::Watched& FlowWorker::watch(
    const Placed& placed, const capture::Packet& packet,
    std::variant<Conversation, DatagramConversation> conversation) {
  auto& flow = *placed.flow;
  table_.attach_detail(flow);
  flow.detail->mac.at(index_of(placed.from)) = packet.source_mac;
  flow.detail->mac.at(index_of(other(placed.from))) = packet.destination_mac;
  flow.detail->ttl.at(index_of(placed.from)) = packet.ttl;
  return watched_
      .emplace(to_number(flow.id),
               Watched{.conversation = std::move(conversation),
                       .path = {},
                       .checksums = ChecksumWatch{settings_.checksums},
                       .next_interim = packet.at.time + settings_.interim_interval})
      .first->second;
}

void FlowWorker::read_streams(const FlowKey& key, capture::Flow& flow, Watched& watched, Moment now,
                              bool at_end, Reports& out) {
  for (const auto side : {Side::kInitiator, Side::kAcceptor}) {
    read_stream(side, key, flow, watched, now, at_end, out);
  }
}

void FlowWorker::read_stream(Side side, const FlowKey& key, capture::Flow& flow, Watched& watched,
                             Moment now, bool at_end, Reports& out) {
  auto* conversation = std::get_if<Conversation>(&watched.conversation);
  if (conversation == nullptr) { return; }
  auto& stream = flow.detail->streams.at(index_of(side));
  while (const auto piece = stream.next(now, at_end)) {
    const Instant at{.time = now, .frame = piece->frame};
    if (piece->gap_bytes > 0) { conversation->on_gap(side, piece->gap_bytes, at, found_); }
    conversation->on_bytes(side, piece->bytes, at, found_);
    if (!found_.empty()) { report_found(key, flow, watched, out); }
  }
}

/// What is known of the way is told before what was found, so that a session opens with it.
void FlowWorker::report_found(const FlowKey& key, const capture::Flow& flow, Watched& watched,
                              Reports& out) {
  watched.path.take(told_);
  std::ranges::move(found_, std::back_inserter(told_));
  found_.clear();
  for (auto& finding : told_) { report(key, flow, std::move(finding), out); }
  watched.told = watched.told || !told_.empty();
  told_.clear();
}

void FlowWorker::report(const FlowKey& key, const capture::Flow& flow,
                        decltype(FlowReport::what) what, Reports& out) {
  order_.flow = order_.phase == ReportOrder::Phase::kPacket ? FrameNumber{} : flow.id;
  out.push_back({.flow = facts_of(key, flow, network_), .what = std::move(what), .order = order_});
}

/// Takes the consequence of what the conversation has found the flow to be.
void FlowWorker::settle(const Placed& placed, Watched& watched, Reports& out) {
  const auto* conversation = &std::get<Conversation>(watched.conversation);
  switch (conversation->recognition()) {
    case Recognition::kRecognised:
      placed.flow->interest = Interest::kWanted;
      break;
    case Recognition::kNothing:
      if (!conversation->listens()) { dismiss(placed, watched, out); }
      break;
    case Recognition::kUndecided:
      break;
  }
  if (placed.flow->detail == nullptr) { return; }
  const auto session = placed.flow->interest == Interest::kWanted ? kSessionCost : 0;
  placed.flow->detail->charge(kConversationCost + session + conversation->tail_bytes());
}

void FlowWorker::dismiss(const Placed& placed, const Watched& watched, Reports& out) {
  auto& flow = *placed.flow;
  if (watched.told) { report(*placed.key, flow, Dismissed{}, out); }
  flow.detail.reset();
  table_.set_interest(flow, Interest::kNone);
  watched_.erase(to_number(flow.id));
}

void FlowWorker::close_ended(Reports& out) {
  network_.reset();
  for (auto& ended : ended_) {
    const auto place = watched_.find(to_number(ended.flow.id));
    if (place == watched_.end()) { continue; }
    auto& watched = place->second;
    read_streams(ended.key, ended.flow, watched, ended.at, true, out);
    if (ended.flow.interest == Interest::kWanted) {
      tell_evasions(ended.key, ended.flow, {.time = ended.at, .frame = ended.frame}, out);
    }
    end_streams(ended, watched, out);
    report(ended.key, ended.flow, closure_of(ended), out);
    watched_.erase(place);
  }
  ended_.clear();
}

/// A side that sent its FIN has said all; after an RST or silence nothing tells.
void FlowWorker::end_streams(const capture::EndedFlow& ended, Watched& watched, Reports& out) {
  auto* conversation = std::get_if<Conversation>(&watched.conversation);
  if (conversation == nullptr) { return; }
  for (const auto side : {Side::kInitiator, Side::kAcceptor}) {
    if (ended.flow.fin_seen.at(index_of(side))) {
      conversation->on_end(side, {.time = ended.at, .frame = ended.frame}, found_);
    }
  }
  if (!found_.empty()) { report_found(ended.key, ended.flow, watched, out); }
}

void FlowWorker::finish(FrameNumber last, Reports& out) {
  order_ = {.frame = last, .phase = ReportOrder::Phase::kEnd, .flow = {}};
  table_.finish(ended_);
  close_ended(out);
}

}  // namespace remora::pipeline
