#include "capture/flow/ends.h"

#include "capture/flow/packet_facts.h"

namespace remora::capture {
namespace {

using EndPlace = Reassembler::EndPlace;

/// What was on its way when the peer sent its RST or FIN has arrived by then.
constexpr Nanoseconds kResetOnItsWay = std::chrono::seconds{1};
constexpr Nanoseconds kFinOnItsWay = std::chrono::seconds{10};

std::int32_t distance(std::uint32_t from, std::uint32_t to) {
  return static_cast<std::int32_t>(to - from);
}

/// The side that has ended goes on.
bool refutes_itself(const SeenEnd& end, const Reassembler& stream, const Packet& packet) {
  if (packet.flags.has(TcpFlag::kRst) || end.acknowledged || !stream.plausible(packet.sequence)) {
    return false;
  }
  // A FIN has a number too; a repeated one says nothing new.
  const bool fin = !end.fin && packet.flags.has(TcpFlag::kFin);
  if (packet.payload_wire_bytes > 0 || fin) {
    const auto beyond = packet.sequence + packet.payload_wire_bytes + (fin ? 1U : 0U);
    return distance(end.place, beyond) > 0;
  }
  return !end.fin && packet.flags.has(TcpFlag::kAck) &&
         packet.at.time - end.at.time > kResetOnItsWay;
}

/// Its peer goes on as if nothing had been.
bool refutes_other(const SeenEnd& end, const Packet& packet) {
  if (packet.flags.has(TcpFlag::kRst) || !packet.flags.has(TcpFlag::kAck)) { return false; }
  const auto knows = distance(end.place, packet.acknowledgement);
  if (end.fin && knows > 1) { return true; }
  if (end.acknowledged || packet.payload_wire_bytes == 0) { return false; }
  const auto passed = packet.at.time - end.at.time;
  return end.fin ? knows <= 0 && passed > kFinOnItsWay : passed > kResetOnItsWay;
}

void refute(FlowDetail& detail, std::size_t side) {
  detail.evasions.note(Evasion::kBlindReset, detail.ends.at(side)->at);
  detail.ends.at(side).reset();
  detail.streams.at(side).goes_on();
}

/// The flow's members as the ends say that are believed.
void conclude(Flow& flow) {
  auto& ends = flow.detail->ends;
  flow.closing = flow.over = flow.closed_by_reset = false;
  flow.fin_seen = {};
  Instant closed_at;
  for (const auto side : {Side::kInitiator, Side::kAcceptor}) {
    const auto& end = ends.at(index_of(side));
    if (!end.has_value() || !end->believed) { continue; }
    if (!flow.closing || end->at.frame < closed_at.frame) {
      closed_at = end->at;
      flow.closed_by = side;
      flow.closed_by_reset = !end->fin;
    }
    flow.closing = true;
    flow.over = flow.over || end->reset;
    flow.fin_seen.at(index_of(side)) = end->fin;
  }
  flow.over = flow.over || (flow.fin_seen[0] && flow.fin_seen[1]);
}

/// True where the FIN is one, as far as it alone tells.
bool take_fin(FlowDetail& detail, std::size_t side, const Packet& packet) {
  auto& stream = detail.streams.at(side);
  auto& end = detail.ends.at(side);
  const auto place = packet.sequence + packet.payload_wire_bytes;
  if (end.has_value() && end->fin && (end->acknowledged || end->place == place)) { return false; }
  const auto verdict = stream.place_of_end(place);
  if (verdict == EndPlace::kImpossible || verdict == EndPlace::kBehind) {
    detail.evasions.note(Evasion::kBlindReset, packet.at);
    return false;
  }
  if (end.has_value() && !end->fin && end->believed) { return false; }
  // Of two the one is believed that comes where the stream is.
  if (end.has_value() && end->fin) {
    if (verdict != EndPlace::kExpected) { return false; }
    refute(detail, side);
  }
  end = SeenEnd{.at = packet.at,
                .place = place,
                .fin = true,
                .believed = !stream.peer_is_heard(packet.at.time)};
  stream.ends_at(place);
  return end->believed;
}

bool take_reset(FlowDetail& detail, std::size_t side, const Packet& packet) {
  auto& end = detail.ends.at(side);
  const bool follows_fin = end.has_value() && end->fin && packet.sequence == end->place + 1;
  const auto verdict =
      follows_fin ? EndPlace::kExpected : detail.streams.at(side).place_of_end(packet.sequence);
  if (verdict == EndPlace::kImpossible) {
    detail.evasions.note(Evasion::kBlindReset, packet.at);
    return false;
  }
  const bool heard = detail.streams.at(side).peer_is_heard(packet.at.time);
  const bool believed =
      !heard || (verdict == EndPlace::kExpected && is_same_distance(detail, side, packet));
  if (end.has_value() && end->fin) {
    if (!believed) { return false; }
    end->reset = end->believed = true;
    return true;
  }
  if (end.has_value() && (end->believed || !believed)) { return false; }
  end = SeenEnd{.at = packet.at,
                .place = packet.sequence,
                .reset = true,
                .believed = believed,
                .other_distance = is_new_distance(detail, side, packet)};
  return believed;
}

}  // namespace

bool follow_ends(Flow& flow, Side from, const Packet& packet) {
  auto& detail = *flow.detail;
  const bool reset = packet.flags.has(TcpFlag::kRst);
  const bool fin = packet.flags.has(TcpFlag::kFin) && !reset;
  const auto side = index_of(from);
  auto& own = detail.ends.at(side);
  auto& others = detail.ends.at(index_of(other(from)));
  if (!own.has_value() && !others.has_value() && !reset && !fin) { return false; }
  bool changed = false;
  if (own.has_value() && refutes_itself(*own, detail.streams.at(side), packet)) {
    changed = own->believed;
    refute(detail, side);
  }
  if (others.has_value() && refutes_other(*others, packet)) {
    changed = changed || others->believed;
    refute(detail, index_of(other(from)));
  }
  if (others.has_value() && others->fin && !others->acknowledged &&
      packet.flags.has(TcpFlag::kAck) && packet.acknowledgement == others->place + 1) {
    others->acknowledged = others->believed = changed = true;
  }
  if (fin && !packet.flags.has(TcpFlag::kAck)) {
    detail.evasions.note(Evasion::kNoAck, packet.at);
  } else if (fin) {
    changed = take_fin(detail, side, packet) || changed;
  } else if (reset) {
    changed = take_reset(detail, side, packet) || changed;
  }
  if (changed) { conclude(flow); }
  return changed;
}

const SeenEnd* first_end(const FlowDetail& detail) {
  const SeenEnd* first = nullptr;
  for (const auto& end : detail.ends) {
    if (end.has_value() && (first == nullptr || end->at.frame < first->at.frame)) { first = &*end; }
  }
  return first;
}

void open_again(Flow& flow, Instant at) {
  flow.detail->evasions.note(Evasion::kBlindReset, at);
  flow.closing = flow.over = flow.closed_by_reset = false;
  flow.fin_seen = {};
}

}  // namespace remora::capture
