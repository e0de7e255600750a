#include "capture/flow/flow_table.h"

#include <algorithm>
#include <cstring>
#include <functional>

namespace remora::capture {
namespace {

constexpr Nanoseconds kSweepInterval = std::chrono::seconds{10};

/// Mixes one 64-bit word into a hash; constants of the splitmix64 finaliser.
std::uint64_t mix(std::uint64_t hash, std::uint64_t word) {
  hash ^= word;
  hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9U;
  hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebU;
  return hash ^ (hash >> 31);
}

std::uint64_t mix(std::uint64_t hash, const SocketAddress& end) {
  const auto bytes = end.address.bytes();
  std::uint64_t word = 0;
  for (std::size_t at = 0; at < bytes.size(); at += 4) {
    std::uint32_t part = 0;
    std::memcpy(&part, bytes.data() + at, sizeof part);
    word = (word << 32) | part;
    if (at % 8 == 4) {
      hash = mix(hash, word);
      word = 0;
    }
  }
  return mix(hash, (word << 16) | to_number(end.port));
}

bool sooner(const std::pair<Moment, FlowKey>& a, const std::pair<Moment, FlowKey>& b) {
  return a > b;
}

void sort_by_first_frame(std::vector<EndedFlow>& ended, std::size_t from) {
  std::ranges::sort(ended.begin() + static_cast<std::ptrdiff_t>(from), ended.end(), {},
                    [](const EndedFlow& e) { return e.flow.id; });
}

/// A SYN on a known flow begins another connection when the old one was closing, or when its
/// sequence number is not that of the SYN already seen from the same side.
bool is_new_connection(const Flow& flow, const Packet& syn, bool from_low) {
  const auto side = from_low == flow.initiator_is_low ? Side::kInitiator : Side::kAcceptor;
  return flow.closing || (flow.syn_seen.at(index_of(side)) &&
                          flow.initial_sequence.at(index_of(side)) != syn.sequence);
}

}  // namespace

std::size_t FlowKeyHash::operator()(const FlowKey& key) const {
  return mix(mix(static_cast<std::uint64_t>(key.transport), key.low), key.high);
}

FlowTable::Placed FlowTable::place(const Packet& packet, std::vector<EndedFlow>& ended) {
  const SocketAddress from{packet.source, packet.source_port};
  const SocketAddress to{packet.destination, packet.destination_port};
  const auto key = FlowKey::of(from, to, packet.transport);
  const bool from_low = key.low == from;
  const bool opening = packet.transport == Transport::kTcp && packet.flags.has(TcpFlag::kSyn) &&
                       !packet.flags.has(TcpFlag::kAck);

  auto place = flows_.find(key);
  if (place != flows_.end() && opening && is_new_connection(place->second, packet, from_low)) {
    // Without a FIN or RST nothing tells when the old connection ended: its last packet has to do.
    ended.push_back(end(key, std::move(place->second), FlowEnd::kTimeout));
    flows_.erase(place);
    place = flows_.end();
  }
  if (place == flows_.end()) {
    if (flows_.size() >= limits_.flows) { make_room(ended); }
    place = flows_.emplace(key, Flow{}).first;
    auto& flow = place->second;
    flow.id = packet.at.frame;
    flow.first = packet.at.time;
    // A SYN-ACK without its SYN still tells who was called.
    const bool answer = packet.transport == Transport::kTcp && packet.flags.has(TcpFlag::kSyn) &&
                        packet.flags.has(TcpFlag::kAck);
    flow.initiator_is_low = from_low != answer;
    ++opened_;
  }
  auto& flow = place->second;
  flow.last = packet.at.time;
  flow.last_frame = packet.at.frame;
  const auto side = from_low == flow.initiator_is_low ? Side::kInitiator : Side::kAcceptor;
  auto& totals = flow.of(side);
  ++totals.packets;
  totals.wire_bytes += packet.wire_bytes;
  totals.payload_bytes += packet.payload_wire_bytes;

  Placed placed{.key = &place->first, .flow = &flow, .from = side};
  if (packet.transport == Transport::kTcp && packet.flags.has(TcpFlag::kSyn)) {
    flow.initiator_known = true;
    if (flow.syn_seen.at(index_of(side))) {
      placed.retransmitted = true;
      ++totals.retransmitted_packets;
    }
    flow.syn_seen.at(index_of(side)) = true;
    flow.initial_sequence.at(index_of(side)) = packet.sequence;
  }
  if (flow.detail != nullptr && !flow.detail->ttl.at(index_of(side)).has_value()) {
    flow.detail->ttl.at(index_of(side)) = packet.ttl;
  }
  return placed;
}

void FlowTable::follow_state(const Placed& placed, const Packet& packet) {
  if (packet.transport != Transport::kTcp) { return; }
  auto& flow = *placed.flow;
  const auto side = index_of(placed.from);
  const bool reset = packet.flags.has(TcpFlag::kRst);
  const bool fin = packet.flags.has(TcpFlag::kFin);
  if (!reset && !fin) { return; }
  auto* stream = flow.detail == nullptr ? nullptr : &flow.detail->streams.at(side);
  if (stream != nullptr && !stream->plausible(packet.sequence)) { return; }
  if (fin && stream != nullptr) { stream->ends_at(packet.sequence + packet.payload_wire_bytes); }
  flow.fin_seen.at(side) = flow.fin_seen.at(side) || fin;
  if (!flow.closing) {
    flow.closing = true;
    flow.closed_at = packet.at;
    flow.closed_by = placed.from;
    flow.closed_by_reset = reset;
    close_soon(*placed.key, flow);
  }
  if (!flow.over && (reset || (flow.fin_seen[0] && flow.fin_seen[1]))) {
    flow.over = true;
    close_soon(*placed.key, flow);
  }
}

void FlowTable::close_soon(const FlowKey& key, const Flow& flow) {
  if (flow.interest != Interest::kWanted) { return; }
  closing_.emplace_back(deadline(flow), key);
  std::ranges::push_heap(closing_, sooner);
}

Moment FlowTable::deadline(const Flow& flow) const {
  if (flow.over) { return flow.last + limits_.linger; }
  if (flow.closing) { return flow.last + limits_.half_close_timeout; }
  if (flow.interest == Interest::kWanted) { return flow.last + limits_.interest_timeout; }
  const bool answered = flow.totals[0].packets > 0 && flow.totals[1].packets > 0;
  return flow.last + (answered ? limits_.idle_timeout : limits_.half_open_timeout);
}

EndedFlow FlowTable::end(const FlowKey& key, Flow flow, std::optional<FlowEnd> forced) const {
  EndedFlow ended{.key = key, .flow = std::move(flow), .how = FlowEnd::kTimeout, .at = {}};
  if (ended.flow.closing) {
    ended.how = ended.flow.closed_by_reset ? FlowEnd::kReset : FlowEnd::kFin;
    ended.at = ended.flow.closed_at.time;
  } else if (forced.has_value()) {
    ended.how = *forced;
    ended.at = ended.flow.last;
  } else {
    ended.how = FlowEnd::kTimeout;
    ended.at = deadline(ended.flow);
  }
  return ended;
}

void FlowTable::expire(Moment now, std::vector<EndedFlow>& ended) {
  while (!closing_.empty() && closing_.front().first <= now) {
    std::ranges::pop_heap(closing_, sooner);
    const auto key = closing_.back().second;
    closing_.pop_back();
    const auto place = flows_.find(key);
    if (place == flows_.end() || !place->second.closing) { continue; }
    if (const auto due = deadline(place->second); due > now) {
      closing_.emplace_back(due, key);
      std::ranges::push_heap(closing_, sooner);
      continue;
    }
    ended.push_back(end(key, std::move(place->second), std::nullopt));
    flows_.erase(place);
  }
  if (now >= next_sweep_) { sweep(now, ended); }
}

void FlowTable::sweep(Moment now, std::vector<EndedFlow>& ended) {
  const auto from = ended.size();
  for (auto place = flows_.begin(); place != flows_.end();) {
    if (deadline(place->second) > now) {
      ++place;
      continue;
    }
    if (place->second.detail != nullptr) {
      ended.push_back(end(place->first, std::move(place->second), std::nullopt));
    }
    flows_.erase(place++);
  }
  sort_by_first_frame(ended, from);
  next_sweep_ = now + kSweepInterval;
}

/// LIMIT: the table is full. A sixteenth of it goes at once, so that the cost is shared by many
/// packets: first what is of no interest, then what was quiet for longest.
void FlowTable::make_room(std::vector<EndedFlow>& ended) {
  std::vector<std::pair<std::pair<bool, Moment>, FlowKey>> idlest;
  idlest.reserve(flows_.size());
  for (const auto& [key, flow] : flows_) {
    idlest.emplace_back(std::pair{flow.interest == Interest::kWanted, flow.last}, key);
  }
  const auto count = static_cast<std::ptrdiff_t>(std::max<std::size_t>(1, idlest.size() / 16));
  std::ranges::nth_element(idlest, idlest.begin() + count - 1);
  const auto from = ended.size();
  for (auto it = idlest.begin(); it != idlest.begin() + count; ++it) {
    const auto place = flows_.find(it->second);
    if (place->second.detail != nullptr) {
      ended.push_back(end(place->first, std::move(place->second), std::nullopt));
    }
    flows_.erase(place);
    ++evicted_;
  }
  sort_by_first_frame(ended, from);
}

void FlowTable::finish(std::vector<EndedFlow>& ended) {
  const auto from = ended.size();
  for (auto& [key, flow] : flows_) {
    if (flow.detail != nullptr) {
      ended.push_back(end(key, std::move(flow), FlowEnd::kCaptureEnd));
    }
  }
  flows_.clear();
  closing_.clear();
  sort_by_first_frame(ended, from);
}

void FlowTable::attach_detail(Flow& flow) {
  flow.detail = std::make_unique<FlowDetail>(limits_, held_);
  for (const auto side : {Side::kInitiator, Side::kAcceptor}) {
    if (flow.syn_seen.at(index_of(side))) {
      flow.detail->streams.at(index_of(side)).begin(flow.initial_sequence.at(index_of(side)));
    }
  }
}

}  // namespace remora::capture
