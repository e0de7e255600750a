#include "daemon/pipeline/flow_worker.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <utility>

#include "capture/flow/fetch.h"
#include "capture/flow/packet_facts.h"
#include "capture/net/checksum.h"
#include "daemon/pipeline/evasion_words.h"
#include "daemon/pipeline/flow_facts.h"
#include "dissect/conversation/recogniser.h"

namespace remora::pipeline {
namespace {

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

/// A dismissed UDP flow is judged again at its 8th, 16th, 32nd... datagram of a side: junk in front
/// does not hide names that follow. What opens sessions is looked for in every datagram.
bool deserves_another_look(const capture::Flow& flow, Side from) {
  return std::has_single_bit(flow.of(from).packets) &&
         flow.of(from).packets > kDatagramsBeforeDismissal;
}

/// The place of a side's first byte, after a handshake.
bool is_first(const capture::FlowTable::Placed& placed, const capture::Packet& packet) {
  const auto side = index_of(placed.from);
  return placed.flow->syn_seen.at(side) && !packet.payload.empty() &&
         packet.sequence == placed.flow->initial_sequence.at(side) + 1 &&
         !packet.flags.has(TcpFlag::kSyn);
}

/// A TCP keep-alive repeats the last byte, or none, to provoke an answer (RFC 1122 4.2.3.6).
bool is_keep_alive(const capture::Packet& packet, const capture::Reassembler& stream) {
  return packet.payload_wire_bytes <= 1 && packet.sequence + 1 == stream.expected();
}

/// A SYN was answered by an RST and nothing else: nobody listens there, RFC 9293 3.10.7.1. Only who
/// saw the SYN can acknowledge it.
bool refuses_connection(const capture::FlowTable::Placed& placed, const capture::Packet& packet) {
  const auto& flow = *placed.flow;
  return packet.flags.has(TcpFlag::kRst) && packet.flags.has(TcpFlag::kAck) &&
         placed.from == Side::kAcceptor && flow.syn_seen.at(index_of(Side::kInitiator)) &&
         flow.of(Side::kAcceptor).packets == 1 &&
         packet.acknowledgement - flow.initial_sequence.at(index_of(Side::kInitiator)) - 1U <=
             flow.of(Side::kInitiator).payload_bytes;
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
    : families_{families},
      settings_{settings},
      context_{std::shared_ptr<const void>{}, settings.context},
      table_{settings.limits} {
  for (const auto& family : families) {
    if (family.overhear != nullptr) { overhearers_.push_back(family.overhear); }
    readers_.push_back(family.make_reader == nullptr ? nullptr : family.make_reader());
    if (family.make_for_datagrams != nullptr) {
      datagram_openers_.push_back(family.recognise_datagram);
    }
  }
}

void FlowWorker::on_tick(Instant at, Reports& out) {
  order_ = {.frame = at.frame, .phase = ReportOrder::Phase::kTick, .flow = {}};
  if (at.time < clock_) {
    table_.restart(at.time);
    for (auto& [id, watched] : watched_) {
      watched.next_interim = std::min(watched.next_interim, at.time + settings_.interim_interval);
    }
  }
  clock_ = at.time;
  refusals_.on_tick();
  table_.expire(at.time, ended_);
  if (!ended_.empty()) { close_ended(out); }
  release_waiting(at, out);
}

void FlowWorker::on_batch(const Batch& batch, std::size_t shard, Reports& out) {
  const auto& items = batch.items.at(shard);
  look_ahead(batch, items);
  auto sought = sought_.begin();
  for (auto item = items.begin(); item != items.end(); ++item) {
    if (const auto next = item + 1; next != items.end() && !next->is_tick) {
      capture::fetch(&batch.packets[next->index], sizeof(capture::Packet));
    }
    if (item->is_tick) {
      on_tick(batch.ticks[item->index], out);
    } else {
      on_packet(batch.packets[item->index], *sought++, out);
    }
  }
  tunnels_ = nullptr;  // of a packet of this batch
}

/// Asks memory for what the packets will need, for all of them at once instead of one by one.
void FlowWorker::look_ahead(const Batch& batch, const std::vector<Batch::Item>& items) {
  sought_.clear();
  for (const auto item : items) {
    if (!item.is_tick) {
      capture::FlowTable::seek(batch.packets[item.index], sought_.emplace_back());
    }
  }
  for (auto& sought : sought_) { table_.fetch_index(sought); }
  for (const auto& sought : sought_) { table_.fetch_flow(sought); }
  for (const auto& sought : sought_) {
    const auto* flow = table_.fetch_detail(sought);
    if (flow == nullptr) { continue; }
    const auto watched = watched_.find(to_number(flow->id));
    if (watched != watched_.end()) { capture::fetch(&watched->second, sizeof watched->second); }
  }
}

void FlowWorker::on_packet(const capture::Packet& packet, const Sought& sought, Reports& out) {
  order_ = {.frame = packet.at.frame, .phase = ReportOrder::Phase::kPacket, .flow = {}};
  const auto placed = table_.place(packet, sought, ended_);
  if (!ended_.empty()) { close_ended(out); }
  tunnels_ = &packet.tunnels;
  auto& flow = *placed.flow;
  if (packet.transport == Transport::kUdp) {
    if (flow.interest != Interest::kNone || deserves_another_look(flow, placed.from) ||
        may_open_session(placed, packet)) {
      on_datagram(placed, packet, out);
    }
    return;
  }
  if (packet.flags.has(TcpFlag::kSyn) && settings_.checksums == Checksums::kAuto) {
    flow.right_checksums =
        (flow.right_checksums | ChecksumWatch::right_ones(placed.from, packet)) & 0x0fU;
  }
  if (!placed.refused && refuses_connection(placed, packet) &&
      (settings_.checksums != Checksums::kVerify ||
       capture::transport_checksum_ok(packet).value_or(true))) {
    tell_refusal(placed, packet, out);
  }
  // What was dismissed by other first bytes than these may have been dismissed by a stranger's.
  const bool unwanted = flow.interest == Interest::kNone && !is_first(placed, packet);
  const bool taken = unwanted || on_segment(placed, packet, out);
  if (taken) { table_.follow_state(placed, packet); }
  if (flow.interest == Interest::kWanted) { tell_evasions(*placed.key, flow, packet.at, out); }
}

void FlowWorker::tell_refusal(const Placed& placed, const capture::Packet& packet, Reports& out) {
  if (!refusals_.is_news(placed.flow->address(*placed.key, Side::kAcceptor))) { return; }
  report(*placed.key, *placed.flow,
         Finding{.at = packet.at,
                 .from = Side::kAcceptor,
                 .rule = "tcp.refused",
                 .what = observation::ConnectionRefused{}},
         out);
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

bool FlowWorker::may_open_session(const Placed& placed, const capture::Packet& packet) const {
  const auto datagram = datagram_of(placed, packet);
  return std::ranges::any_of(datagram_openers_,
                             [&](const auto recognises) { return recognises(datagram); });
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
    watched = &watch(placed, packet, DatagramConversation{families_, *family, *context_});
    want(flow, family->carries_no_session);
  } else {
    watched = &watched_.find(to_number(flow.id))->second;
  }
  watched->path.on_packet(placed.from, packet);
  auto& conversation = std::get<DatagramConversation>(watched->conversation);
  conversation.on_datagram(datagram, found_);
  report_found(*placed.key, flow, *watched, out);
  note_waiting(*placed.key, flow, *watched, out);
  if (conversation.left()) {
    dismiss(placed, *watched, out);
    return;
  }
  flow.detail->charge(kConversationCost + kSessionCost + conversation.tail_bytes());
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
    const bool dismissed = flow.dismissed.at(index_of(placed.from));
    watch(placed, packet, Conversation{families_, *context_});
    if (dismissed) { flow.detail->evasions.note(capture::Evasion::kOverlapConflict, packet.at); }
  }
  auto* watched = &watched_.find(to_number(flow.id))->second;
  if (placed.refused || !will_be_taken(placed, packet, *watched)) { return false; }
  if (flow.interest == Interest::kUndecided && is_first(placed, packet) &&
      flow.detail->streams.at(index_of(placed.from)).contradicts(packet.sequence, packet.payload) &&
      recognise(families_, *context_, packet.payload).verdict != Verdict::kNo) {
    watched = &begin_otherwise(placed, packet);
  }
  watched->path.on_packet(placed.from, packet);
  settle_syn_payload(placed, packet, *watched, out);
  add_segment(placed, packet);
  read_streams(*placed.key, flow, *watched, packet.at.time, false, out);
  if (flow.interest == Interest::kWanted) {
    if (watched->path.has_news()) { report_found(*placed.key, flow, *watched, out); }
    tell_interim(placed, packet, *watched, out);
  }
  settle(placed, *watched, out);
  return true;
}

/// What a receiver drops without reading it, RFC 9293 3.10.7.4. Needs the detail.
bool FlowWorker::will_be_taken(const Placed& placed, const capture::Packet& packet,
                               Watched& watched) {
  using capture::Evasion;
  auto& detail = *placed.flow->detail;
  const bool acknowledges = packet.flags.has(TcpFlag::kAck);
  const bool has_data = !packet.payload.empty() && !packet.flags.has(TcpFlag::kSyn) &&
                        !packet.flags.has(TcpFlag::kRst);
  if (packet.fragment_conflict) { detail.evasions.note(Evasion::kFragmentConflict, packet.at); }
  if (watched.checksums.will_be_refused(placed.from, packet)) {
    detail.evasions.note(Evasion::kBadChecksum, packet.at);
    return false;
  }
  if (!has_data) { return true; }
  if (!acknowledges) {
    detail.evasions.note(Evasion::kNoAck, packet.at);
    return false;
  }
  if (!detail.streams.at(index_of(other(placed.from)))
           .may_be_acknowledged(packet.acknowledgement)) {
    detail.evasions.note(Evasion::kBadAcknowledgement, packet.at);
    return false;
  }
  return true;
}

/// The first bytes of a side come again, as others, and nobody knows yet what the first ones were:
/// those may have been put there for us alone.
FlowWorker::Watched& FlowWorker::begin_otherwise(const Placed& placed,
                                                 const capture::Packet& packet) {
  auto& flow = *placed.flow;
  flow.detail.reset();
  watched_.erase(to_number(flow.id));
  waiting_.forget(to_number(flow.id));
  auto& watched = watch(placed, packet, Conversation{families_, *context_});
  flow.detail->evasions.note(capture::Evasion::kOverlapConflict, packet.at);
  return watched;
}

/// The first such payload waits for the answer.
void FlowWorker::keep_syn_payload(const Placed& placed, const capture::Packet& packet) {
  auto& kept = placed.flow->detail->syn_payload.at(index_of(placed.from));
  if (kept != nullptr) { return; }
  kept = std::make_unique<capture::SynPayload>(
      capture::SynPayload{.sequence = packet.sequence + 1,
                          .bytes = {packet.payload.begin(), packet.payload.end()},
                          .at = packet.at});
}

/// RFC 7413: data in a SYN counts when the peer acknowledges it, or its sender goes on behind it.
void FlowWorker::settle_syn_payload(const Placed& placed, const capture::Packet& packet,
                                    Watched& watched, Reports& out) {
  auto& flow = *placed.flow;
  auto& detail = *flow.detail;
  if (flow.syn_had_payload && is_first(placed, packet) && placed.from == Side::kInitiator) {
    flow.syn_had_payload = false;
    const auto& kept = detail.syn_payload[0];
    const auto same = kept == nullptr ? 0 : std::min(kept->bytes.size(), packet.payload.size());
    if (kept == nullptr ||
        !std::ranges::equal(ByteView{kept->bytes}.first(same), packet.payload.first(same))) {
      detail.evasions.note(capture::Evasion::kSynPayload, packet.at);
    }
  }
  for (const auto side : {Side::kInitiator, Side::kAcceptor}) {
    auto& kept = detail.syn_payload.at(index_of(side));
    if (kept == nullptr) { continue; }
    const bool own = side == placed.from;
    if (own && (packet.payload.empty() || packet.flags.has(TcpFlag::kSyn))) { continue; }
    if (!own && !packet.flags.has(TcpFlag::kAck)) { continue; }
    const auto taken = (own ? packet.sequence : packet.acknowledgement) - kept->sequence;
    if (!own && taken == 0) { continue; }  // to be compared with what comes instead
    const auto payload = std::exchange(kept, nullptr);
    if (taken == 0 || taken > payload->bytes.size()) { continue; }
    auto& stream = detail.streams.at(index_of(side));
    (void)stream.add(payload->sequence, ByteView{payload->bytes}.first(taken), 0, payload->at);
    read_stream(side, *placed.key, flow, watched, packet.at.time, false, out);
  }
}

void FlowWorker::add_segment(const Placed& placed, const capture::Packet& packet) {
  auto& flow = *placed.flow;
  auto& stream = flow.detail->streams.at(index_of(placed.from));
  if (packet.flags.has(TcpFlag::kSyn)) {
    if (!packet.payload.empty()) { keep_syn_payload(placed, packet); }
  } else if (packet.payload_wire_bytes > 0) {
    const auto missing =
        packet.payload_wire_bytes - static_cast<std::uint32_t>(packet.payload.size());
    const bool keep_alive = stream.begun() && is_keep_alive(packet, stream);
    if (stream.add(packet.sequence, packet.payload, missing, packet.at) ==
            capture::Reassembler::Arrival::kRetransmission &&
        !keep_alive) {
      ++flow.of(placed.from).retransmitted_packets;
    }
  }
  if (packet.flags.has(TcpFlag::kAck)) {
    flow.detail->streams.at(index_of(other(placed.from)))
        .acknowledged(packet.acknowledgement, capture::window_bytes(flow, placed.from, packet),
                      packet.at.time);
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
  // Its receiver may not take what comes with a SYN: it decides nothing.
  if (packet.flags.has(TcpFlag::kSyn)) {
    return recognise(families_, *context_, packet.payload).verdict != Verdict::kNo;
  }
  const bool first = is_first(placed, packet);
  const bool again = flow.dismissed.at(side) || flow.interest == Interest::kNone;
  if (flow.syn_seen.at(side) && !first && !again) { return true; }
  // Other first bytes than before: somebody put the first ones there for us alone.
  if (again && !first) { return false; }
  if (!again) { overhear(placed, packet, out); }
  if (recognise(families_, *context_, packet.payload).verdict != Verdict::kNo ||
      context_->scan_streams) {
    if (flow.interest == Interest::kNone) { table_.set_interest(flow, Interest::kUndecided); }
    return true;
  }
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
               Watched{.context = context_,
                       .conversation = std::move(conversation),
                       .path = {},
                       .checksums = ChecksumWatch{settings_.checksums, flow.right_checksums},
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
  if (watched.path.has_news()) { watched.path.take(on_the_way_); }
  watched.told = watched.told || !on_the_way_.empty() || !found_.empty();
  for (auto* const findings : {&on_the_way_, &found_}) {
    for (auto& finding : *findings) { report(key, flow, std::move(finding), out); }
    findings->clear();
  }
}

void FlowWorker::report(const FlowKey& key, const capture::Flow& flow,
                        decltype(FlowReport::what) what, Reports& out) {
  order_.flow = order_.phase == ReportOrder::Phase::kPacket ? FrameNumber{} : flow.id;
  const auto network = tunnels_ == nullptr ? std::nullopt : network_of(tunnels_->layers());
  out.push_back({.flow = facts_of(key, flow, network), .what = std::move(what), .order = order_});
}

void FlowWorker::want(capture::Flow& flow, bool carries_no_session) {
  flow.interest = Interest::kWanted;
  if (bool{flow.carries_no_session} == carries_no_session) { return; }
  flow.carries_no_session = carries_no_session;
  table_.set_interest(flow, Interest::kWanted);
}

/// Takes the consequence of what the conversation has found the flow to be.
void FlowWorker::settle(const Placed& placed, Watched& watched, Reports& out) {
  note_waiting(*placed.key, *placed.flow, watched, out);
  const auto* conversation = &std::get<Conversation>(watched.conversation);
  switch (conversation->recognition()) {
    case Recognition::kRecognised:
      want(*placed.flow, conversation->carries_no_session());
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
  for (const auto side : {Side::kInitiator, Side::kAcceptor}) {
    // Those first bytes were read, and are nobody's.
    if (flow.detail->streams.at(index_of(side)).has_read()) {
      flow.dismissed.at(index_of(side)) = flow.initiator_known;
    }
  }
  flow.detail.reset();
  table_.set_interest(flow, Interest::kNone);
  watched_.erase(to_number(flow.id));
  waiting_.forget(to_number(flow.id));
}

void FlowWorker::close_ended(Reports& out) {
  tunnels_ = nullptr;
  for (auto& ended : ended_) {
    const auto place = watched_.find(to_number(ended.flow.id));
    if (place == watched_.end()) { continue; }
    auto& watched = place->second;
    read_streams(ended.key, ended.flow, watched, ended.at, true, out);
    if (ended.flow.interest == Interest::kWanted) {
      tell_evasions(ended.key, ended.flow, {.time = ended.at, .frame = ended.frame}, out);
    }
    read_waiting_as_it_is(ended, watched, out);
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
