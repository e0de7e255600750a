#include "capture/flow/flow_table.h"

#include <algorithm>
#include <utility>

#include "capture/flow/ends.h"
#include "capture/flow/packet_facts.h"

namespace remora::capture {
namespace {

using std::chrono::seconds;

/// What the index keeps of a hash. All bits take part, so that the table may be one of several that
/// share the flows by some bits of the same hash.
std::uint32_t index_hash(const FlowKey& key) {
  return static_cast<std::uint32_t>((FlowKeyHash{}(key)*0x9e3779b97f4a7c15U) >> 32U);
}

Side side_of(const Flow& flow, bool from_low) {
  return from_low == flow.initiator_is_low ? Side::kInitiator : Side::kAcceptor;
}

void sort_by_first_frame(std::vector<EndedFlow>& ended, std::size_t from) {
  std::ranges::sort(ended.begin() + static_cast<std::ptrdiff_t>(from), ended.end(), {},
                    [](const EndedFlow& e) { return e.flow.id; });
}

}  // namespace

FlowTable::FlowTable(const FlowLimits& limits)
    : limits_{limits},
      most_flows_{std::clamp<std::size_t>(limits.memory_bytes / 4 * 3 / kFlowCost, 1,
                                          std::max<std::size_t>(limits.flows, 1))} {
  limits_.out_of_order_total = std::min(limits.out_of_order_total, limits.memory_bytes / 8);
}

/// Every packet comes here: nothing in it is worth a call.
[[gnu::flatten]] void FlowTable::seek(const Packet& packet, Sought& sought) {
  const auto order = packet.source <=> packet.destination;
  const bool from_low = order < 0 || (order == 0 && packet.source_port <= packet.destination_port);
  auto& from = from_low ? sought.key.low : sought.key.high;
  auto& to = from_low ? sought.key.high : sought.key.low;
  from.address = packet.source;
  from.port = packet.source_port;
  to.address = packet.destination;
  to.port = packet.destination_port;
  sought.key.transport = packet.transport;
  sought.from_low = from_low;
}

void FlowTable::fetch_index(Sought& sought) const {
  sought.hash = index_hash(sought.key);
  index_.fetch(sought.hash);
}

void FlowTable::fetch_flow(const Sought& sought) const {
  const auto number = index_.first_with(sought.hash);
  if (number != kNoSlot) { slab_.fetch(number); }
}

const Flow* FlowTable::fetch_detail(const Sought& sought) const {
  const auto number = index_.first_with(sought.hash);
  if (number == kNoSlot || slab_[number].detail == nullptr) { return nullptr; }
  const auto& flow = slab_[number];
  fetch(flow.detail.get(), sizeof *flow.detail);
  return &flow;
}

FlowTable::Placed FlowTable::place(const Packet& packet, std::vector<EndedFlow>& ended) {
  Sought sought;
  seek(packet, sought);
  fetch_index(sought);
  return place(packet, sought, ended);
}

FlowTable::Placed FlowTable::place(const Packet& packet, const Sought& sought,
                                   std::vector<EndedFlow>& ended) {
  if (memory_bytes() > limits_.memory_bytes) { relieve_memory(ended); }
  placed_at_ = packet.at;
  const auto& [key, hash, from_low] = sought;
  const bool syn = has_flag(packet, TcpFlag::kSyn);
  const bool ack = has_flag(packet, TcpFlag::kAck);

  auto number = look_up(hash, key);
  MetSyn met;
  if (number != kNoSlot && syn) {
    met = meet_syn(slab_[number], side_of(slab_[number], from_low), packet);
  }
  if (met.ends_flow) {
    // Without a FIN or RST nothing tells when the old connection ended: its last packet has to do.
    wheel_.remove(number);
    leave(number, FlowEnd::kTimeout, ended);
    number = kNoSlot;
  }
  const bool is_new = number == kNoSlot;
  const auto begun = met.answered.has_value() ? met.answered->at : packet.at;
  auto& slot = is_new ? open(key, hash, begun, ended) : slab_[number];
  Flow& flow = slot;
  // A SYN-ACK without its SYN still tells who was called.
  if (is_new) { flow.initiator_is_low = from_low != (syn && ack); }
  if (met.answered.has_value()) { begin_with(flow, *met.answered); }
  slot.touched = !is_new;
  const auto side = side_of(flow, from_low);
  count(flow.of(side), packet);

  Placed placed{.key = &slot.key, .flow = &flow, .from = side, .refused = met.refused};
  // Counted, and nothing else: whoever sends it does not keep the old connection alive.
  if (met.held) { return placed; }
  if (syn) {
    placed.retransmitted = follow_syn(flow, index_of(side), packet);
  } else if (side == Side::kInitiator) {
    if (flow.syn_ack_changed) { settle_syn_ack(flow, packet); }
    if (flow.initiator_disputed) { settle_syn(flow, packet); }
  }
  if (flow.detail != nullptr) { follow_detail(*flow.detail, flow, index_of(side), packet); }
  flow.last = std::max(flow.last, packet.at.time);
  if (is_new) {
    order_.add(slot.number, rank_of(flow));
    wheel_.file(slot.number, deadline(flow));
  }
  return placed;
}

SlotNumber FlowTable::look_up(std::uint32_t hash, const FlowKey& key) const {
  return index_.find(hash, [&](SlotNumber number) { return slab_[number].key == key; });
}

Flow* FlowTable::find(const FlowKey& key) {
  const auto number = look_up(index_hash(key), key);
  return number == kNoSlot ? nullptr : &slab_[number];
}

/// A fresh flow, in no list yet.
FlowSlot& FlowTable::open(const FlowKey& key, std::uint32_t hash, Instant at,
                          std::vector<EndedFlow>& ended) {
  if (next_tick_ == Moment::min()) { expire(at.time, ended); }
  while (slab_.size() >= most_flows_) { evict(*order_.next(Rank::kHalfOpen), ended); }
  const auto number = slab_.take();
  auto& slot = slab_[number];
  slot.key = key;
  slot.id = at.frame;
  slot.first = slot.last = at.time;
  for (auto crowd = index_.insert(hash, number); !crowd.empty();
       crowd = index_.insert(hash, number)) {
    evict(*std::ranges::min_element(crowd, {},
                                    [this](SlotNumber n) {
                                      return std::pair{rank_of(slab_[n]), slab_[n].id};
                                    }),
          ended);
  }
  ++opened_;
  return slot;
}

/// LIMIT: details and what streams hold take more than is left beside the flows. A flow without a
/// detail would give nothing back.
void FlowTable::relieve_memory(std::vector<EndedFlow>& ended) {
  // What was evicted is given back later, by the owner of `ended`.
  for (auto used = memory_bytes(); used > limits_.memory_bytes;) {
    const auto number = order_.next(Rank::kCandidate);
    if (!number.has_value()) { return; }
    const auto& detail = slab_[*number].detail;
    if (detail != nullptr) { used -= std::min(used, detail->memory_bytes()); }
    evict(*number, ended);
  }
}

void FlowTable::evict(SlotNumber number, std::vector<EndedFlow>& ended) {
  fetch_next(slab_[number].order.next);
  wheel_.remove(number);
  leave(number, FlowEnd::kTimeout, ended);
  ++evicted_;
}

/// The one behind goes next, most likely: its place in the index is far away, as is the slot of the
/// one after it.
void FlowTable::fetch_next(SlotNumber number) const {
  if (number == kNoSlot) { return; }
  index_.fetch(index_hash(slab_[number].key));
  if (slab_[number].order.next != kNoSlot) { slab_.fetch(slab_[number].order.next); }
}

/// The flow is in no bucket of the wheel any more.
void FlowTable::leave(SlotNumber number, std::optional<FlowEnd> forced,
                      std::vector<EndedFlow>& ended) {
  auto& slot = slab_[number];
  index_.remove(index_hash(slot.key), number);
  order_.remove(number);
  if (slot.is_followed()) { ended.push_back(end(slot, forced)); }
  slab_.give_back(number);
}

EndedFlow FlowTable::end(FlowSlot& slot, std::optional<FlowEnd> forced) const {
  EndedFlow ended{.key = slot.key,
                  .flow = std::move(static_cast<Flow&>(slot)),
                  .how = forced.value_or(FlowEnd::kTimeout),
                  .at = {},
                  .frame = {}};
  const auto* detail = ended.flow.detail.get();
  if (const auto* seen = detail == nullptr ? nullptr : first_end(*detail); seen != nullptr) {
    ended.how = seen->fin ? FlowEnd::kFin : FlowEnd::kReset;
    ended.at = seen->at.time;
    ended.frame = seen->at.frame;
    ended.other_distance = seen->other_distance;
    for (const auto side : {Side::kInitiator, Side::kAcceptor}) {
      const auto& one = detail->ends.at(index_of(side));
      if (one.has_value() && seen == &*one) { ended.flow.closed_by = side; }
      ended.flow.fin_seen.at(index_of(side)) = one.has_value() && one->fin;
    }
    return ended;
  }
  ended.at = forced.has_value() ? ended.flow.last : deadline(ended.flow);
  if (ended.how == FlowEnd::kCaptureEnd && detail != nullptr) { ended.frame = detail->last_frame; }
  return ended;
}

void FlowTable::follow_state(const Placed& placed, const Packet& packet) {
  if (packet.transport != Transport::kTcp || placed.refused) { return; }
  auto& flow = *placed.flow;
  if (flow.detail != nullptr) {
    look_for_evasion(*flow.detail, index_of(placed.from), packet);
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-static-cast-downcast): every flow here is a slot's
    if (follow_ends(flow, placed.from, packet)) { file_timer_again(static_cast<FlowSlot&>(flow)); }
    return;
  }
  const bool reset = packet.flags.has(TcpFlag::kRst);
  const bool fin = packet.flags.has(TcpFlag::kFin);
  if (!reset && !fin) { return; }
  const bool was_closing = flow.closing;
  flow.closing = true;
  if (!was_closing) {
    flow.closed_by = placed.from;
    flow.closed_by_reset = reset;
  }
  if (fin) { flow.fin_seen.at(index_of(placed.from)) = true; }
  const bool was_over = flow.over;
  const bool over = was_over || reset || (flow.fin_seen[0] && flow.fin_seen[1]);
  flow.over = over;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-static-cast-downcast): every flow here is a slot's
  if (!was_closing || over != was_over) { file_timer_again(static_cast<FlowSlot&>(flow)); }
}

Moment FlowTable::deadline(const Flow& flow) const {
  if (flow.over) {
    const bool may_be_forged = flow.closed_by_reset && flow.interest == Interest::kWanted;
    return flow.last + (may_be_forged ? limits_.reset_linger : limits_.linger);
  }
  if (flow.closing) { return flow.last + limits_.half_close_timeout; }
  if (flow.interest == Interest::kWanted) { return flow.last + limits_.interest_timeout; }
  const bool answered = flow.totals[0].packets > 0 && flow.totals[1].packets > 0;
  return flow.last + (answered ? limits_.idle_timeout : limits_.half_open_timeout);
}

/// Where the deadline may have come nearer; the wheel notices by itself where it moved away.
void FlowTable::file_timer_again(const FlowSlot& slot) {
  wheel_.remove(slot.number);
  wheel_.file(slot.number, deadline(slot));
}

void FlowTable::expire(Moment now, std::vector<EndedFlow>& ended) {
  if (now < next_tick_) { return; }
  const auto tick = tick_at(now);
  const Moment tick_began{seconds{tick}};
  if (next_tick_ == Moment::min()) { wheel_.start(tick); }
  next_tick_ = tick_began + seconds{1};
  const auto from = ended.size();
  wheel_.advance(tick, [&](SlotNumber number) {
    const auto due = deadline(slab_[number]);
    if (due > tick_began) {
      wheel_.file(number, due);
    } else {
      leave(number, std::nullopt, ended);
    }
  });
  sort_by_first_frame(ended, from);
}

void FlowTable::restart(Moment now) {
  const auto tick = tick_at(now);
  wheel_.clear();
  wheel_.start(tick);
  next_tick_ = Moment{seconds{tick}} + seconds{1};
  for (SlotNumber number = 0; number < slab_.slots(); ++number) {
    auto& slot = slab_[number];
    if (slot.number == kNoSlot) { continue; }
    slot.last = std::min(slot.last, now);
    wheel_.file(number, deadline(slot));
  }
}

void FlowTable::finish(std::vector<EndedFlow>& ended) {
  const auto from = ended.size();
  for (SlotNumber number = 0; number < slab_.slots(); ++number) {
    if (slab_[number].is_followed()) { ended.push_back(end(slab_[number], FlowEnd::kCaptureEnd)); }
  }
  wheel_.clear();
  order_.clear();
  index_.clear();
  slab_.clear();
  sort_by_first_frame(ended, from);
}

void FlowTable::attach_detail(Flow& flow) {
  flow.detail = std::make_unique<FlowDetail>(limits_, held_);
  flow.detail->last_frame = placed_at_.frame;
  if (flow.closing) { open_again(flow, placed_at_); }
  if (flow.syn_ack_changed) { flow.detail->evasions.note(Evasion::kChangedSynAck, placed_at_); }
  for (const auto side : {Side::kInitiator, Side::kAcceptor}) {
    if (flow.syn_seen.at(index_of(side))) {
      flow.detail->streams.at(index_of(side)).begin(flow.initial_sequence.at(index_of(side)));
    }
    // The acceptor's acknowledges the initiator's, which would send nothing before it is there.
    if (flow.syn_seen[0] && flow.syn_seen[1]) {
      flow.detail->streams.at(index_of(side)).expect_acknowledgements(placed_at_.time);
    }
  }
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-static-cast-downcast): every flow here is a slot's
  order_.file_again(static_cast<FlowSlot&>(flow).number);
}

void FlowTable::set_interest(Flow& flow, Interest interest) {
  flow.interest = interest;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-static-cast-downcast): every flow here is a slot's
  const auto& slot = static_cast<FlowSlot&>(flow);
  order_.file_again(slot.number);
  file_timer_again(slot);
}

}  // namespace remora::capture
