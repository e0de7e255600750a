#include "daemon/pipeline/engine.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <iterator>
#include <utility>
#include <variant>

namespace remora::pipeline {
namespace {

/// In the order of capture::Unwrapped; the first is no drop, nor is the last.
constexpr std::array kUnwrappedNames{
    "",
    "not_ip",
    "truncated_header",
    "bad_header",
    "fragment_waiting",
    "fragment_dropped",
    "not_tcp_or_udp",
    "unsupported_link",
    "nested_too_deep",
    "icmp_error",
    "echo_route",
};
static_assert(kUnwrappedNames.size() == capture::kUnwrappedKinds);

/// LIMIT: batches on their way through the workers, and a source's buffers that one may hold. From
/// some on the reader works with the others, if there is work to be had; at most it waits for them.
constexpr std::size_t kSomeInFlight = 3;
constexpr std::size_t kMaxInFlight = 6;
constexpr std::size_t kMaxBuffers = 4;

/// Of what flows are allowed, so much more for the names of addresses.
constexpr std::size_t kNamesShare = 8;

/// Each shard gets its part of what is allowed in all.
WorkerSettings share_of(const EngineSettings& settings) {
  WorkerSettings each{.limits = settings.limits,
                      .checksums = settings.checksums,
                      .interim_interval = settings.interim_interval,
                      .context = settings.context};
  each.limits.flows = std::max<std::size_t>(1, settings.limits.flows / kShards);
  each.limits.out_of_order_total /= kShards;
  each.limits.memory_bytes /= kShards;
  return each;
}

/// The same for both directions of a flow. Cheaper than the hash of the flow tables, and another,
/// so that the flows of a shard are spread over its table.
std::size_t shard_of(const capture::Packet& packet) {
  const auto addresses = (packet.source.upper() ^ packet.destination.upper()) +
                         (packet.source.lower() ^ packet.destination.lower());
  const auto ports = static_cast<std::uint64_t>(to_number(packet.source_port)) *
                     to_number(packet.destination_port);
  return ((addresses ^ (ports << 32U) ^ ports) * 0x9e3779b97f4a7c15U >> 48U) % kShards;
}

observation::RouterSeen router_of(const capture::IcmpError& error) {
  using How = observation::RouterSeen::How;
  const bool v4 = error.reporter.is_v4();
  // RFC 792 and RFC 4443: the types differ between the versions.
  if (error.gateway.has_value()) { return {.how = How::kRedirect, .address = *error.gateway}; }
  if (error.type == (v4 ? 11 : 3)) {
    return {.how = How::kTimeExceeded, .address = error.reporter};
  }
  if (v4 ? error.type == 3 && error.code == 4 : error.type == 2) {
    return {.how = How::kTooBig, .address = error.reporter};
  }
  if (error.type == (v4 ? 12 : 4)) {
    return {.how = How::kParameterProblem, .address = error.reporter};
  }
  return {.how = How::kUnreachable, .address = error.reporter};
}

/// What a router told of the way of packets between these ends, as a finding on their flow, whether
/// or not that was seen: the tracker knows what it is good for.
FlowReport router_report(const FlowFacts& flow, Side from, const char* rule,
                         const observation::RouterSeen& router, Instant at) {
  return {.flow = flow,
          .what = Finding{.at = at, .from = from, .rule = rule, .what = router},
          .order = {.frame = at.frame}};
}

/// `transport` of what has none, an echo, is UDP.
FlowFacts flow_between(const SocketAddress& source, const SocketAddress& destination,
                       std::optional<Transport> transport, Instant at) {
  FlowFacts flow{.id = FrameNumber{},
                 .transport = transport.value_or(Transport::kUdp),
                 .first = at.time,
                 .sides = {}};
  flow.sides[index_of(Side::kInitiator)].address = source;
  flow.sides[index_of(Side::kAcceptor)].address = destination;
  return flow;
}

void report_router(const capture::IcmpError& error, Instant at, Batch& batch) {
  const auto quoted = flow_between(error.source, error.destination, error.transport, at);
  batch.add_report(router_report(quoted, Side::kInitiator, "icmp.error", router_of(error), at));
}

void report_routers(const capture::EchoRoute& echo, Instant at, Batch& batch) {
  const auto flow = flow_between({echo.requester, {}}, {echo.replier, {}}, std::nullopt, at);
  for (const auto from : {Side::kInitiator, Side::kAcceptor}) {
    for (const auto& hop : (from == Side::kInitiator ? echo.forth : echo.back).hops()) {
      batch.add_report(router_report(flow, from, "ip.options", recorded_router(hop), at));
    }
  }
}

}  // namespace

Engine::Engine(Families families, const EngineSettings& settings)
    : settings_{settings},
      decapsulator_{{}, settings.checksums == Checksums::kVerify},
      pool_{families, share_of(settings), settings.threads, settings.before_packets},
      tracker_{settings.limits.memory_bytes / kNamesShare},
      filling_{std::make_unique<Batch>()} {}

void Engine::on_frame(const Frame& frame, Events& out) {
  count(frame);
  watch_clock(frame);
  // What lies in its source's memory is not copied, nor is the frame: every one comes here.
  if (!outlives_call() || keep_memory(frame)) {
    unwrap(frame);
  } else {
    auto copy = frame;
    copy.bytes = filling_->arena.copy(frame.bytes);
    unwrap(copy);
  }
  if (++frames_in_batch_ >= settings_.batch_frames || filling_->memory.size() > kMaxBuffers) {
    hand_in(out);
  }
}

/// Behind everything that came before, so that it cannot be sorted in front of it.
void Engine::on_time(Moment now, Events& out) {
  flush(out);
  if (counts_.frames == 0 || now <= clock_.now() || !clock_.on_frame(now)) { return; }
  counts_.last = clock_.now();
  filling_->add_tick({.time = clock_.now(), .frame = FrameNumber{counts_.frames}});
  flush(out);
}

void Engine::change(const std::shared_ptr<const Context>& context, Nanoseconds interim_interval,
                    Events& out) {
  flush(out);
  for (const auto& shard : pool_.shards()) { shard->change(context, interim_interval); }
}

void Engine::on_keys(const std::function<void()>& learn, Events& out) {
  conclude_all(out);
  learn();
  flush(out);
  std::vector<FlowReport> found;
  for (const auto& shard : pool_.shards()) { shard->on_keys(FrameNumber{counts_.frames}, found); }
  tell_behind_all(found, out);
}

void Engine::count(const Frame& frame) {
  if (counts_.frames++ == 0) { counts_.first = frame.at.time; }
  counts_.wire_bytes += frame.wire_bytes;
}

/// Time acts on flows only where capture time enters another second, before the frame that brings
/// it: at the same places in all shards. It goes back only where CaptureClock begins anew.
void Engine::watch_clock(const Frame& frame) {
  const bool another_second = clock_.on_frame(frame.at.time);
  counts_.last = clock_.now();
  counts_.first = std::min(counts_.first, clock_.now());
  if (another_second) { filling_->add_tick({.time = clock_.now(), .frame = frame.at.frame}); }
}

/// Whether a packet is looked at after the call that brought its frame.
bool Engine::outlives_call() const {
  return settings_.batch_frames > 1 || settings_.threads > 1;
}

/// Keeps the frame's bytes where they are until the batch is done; false where that cannot be.
bool Engine::keep_memory(const Frame& frame) {
  if (frame.memory == nullptr) { return false; }
  auto& memory = filling_->memory;
  if (memory.empty() || memory.back() != *frame.memory) { memory.push_back(*frame.memory); }
  return true;
}

void Engine::unwrap(const Frame& frame) {
  auto& packet = filling_->next_packet();
  switch (decapsulator_.next(frame, packet)) {
    case capture::Unwrapped::kPacket:
      dispatch(packet);
      break;
    case capture::Unwrapped::kIcmpError:
      report_router(decapsulator_.icmp_error(), frame.at, *filling_);
      break;
    case capture::Unwrapped::kEchoRoute:
      report_routers(decapsulator_.echo_route(), frame.at, *filling_);
      break;
    default:
      break;
  }
}

void Engine::dispatch(capture::Packet& packet) {
  if (packet.fragmented && outlives_call()) {
    // It lies in the decapsulator, which will use that place again.
    const auto header = packet.segment.size() - packet.payload.size();
    packet.segment = filling_->arena.copy(packet.segment);
    packet.payload = packet.segment.subspan(header);
    packet.tcp_options = filling_->arena.copy(packet.tcp_options);
    packet.ip_options = filling_->arena.copy(packet.ip_options);
    packet.ip_header = filling_->arena.copy(packet.ip_header);
  }
  filling_->keep_packet(shard_of(packet));
}

void Engine::flush(Events& out) {
  hand_in(out);
  conclude_all(out);
}

void Engine::hand_in(Events& out) {
  frames_in_batch_ = 0;
  if (!filling_->empty()) {
    pool_.submit(std::move(filling_));
    const auto allowed = settings_.threads < 2 ? 0 : kSomeInFlight;
    while (pool_.in_flight() > allowed) {
      auto done = pool_.in_flight() > kMaxInFlight ? pool_.take() : pool_.try_take();
      if (done == nullptr) { break; }
      conclude(std::move(done), out);
    }
    if (spare_.empty()) {
      filling_ = std::make_unique<Batch>();
    } else {
      filling_ = std::move(spare_.back());
      spare_.pop_back();
    }
  } else {
    filling_->clear();
  }
}

void Engine::conclude_all(Events& out) {
  while (pool_.in_flight() > 0) { conclude(pool_.take(), out); }
}

/// Tells what came of the batch.
void Engine::conclude(std::unique_ptr<Batch> batch, Events& out) {
  const auto merge = [this](const std::vector<FlowReport>& reports) {
    for (const auto& report : reports) { merged_.push_back(&report); }
  };
  merge(batch->own_reports);
  for (const auto& of_shard : batch->reports) { merge(of_shard); }
  tell_merged(batch->ticks, out);
  batch->clear();
  spare_.push_back(std::move(batch));
}

void Engine::tell_merged(const std::vector<Instant>& ticks, Events& out) {
  std::ranges::stable_sort(merged_, {}, [](const FlowReport* report) { return report->order; });
  auto tick = ticks.begin();
  for (const auto* report : merged_) {
    for (; tick != ticks.end() && tick->frame <= report->order.frame; ++tick) {
      tracker_.advance(tick->time, out);
    }
    tell(*report, out);
  }
  for (; tick != ticks.end(); ++tick) { tracker_.advance(tick->time, out); }
  merged_.clear();
}

void Engine::tell(const FlowReport& report, Events& out) {
  if (const auto* finding = std::get_if<Finding>(&report.what)) {
    tracker_.observe(report.flow, *finding, out);
  } else if (const auto* still_open = std::get_if<StillOpen>(&report.what)) {
    tracker_.still_open(report.flow, still_open->at, out);
  } else if (const auto* closure = std::get_if<FlowClosure>(&report.what)) {
    tracker_.flow_closed(report.flow, *closure, out);
  } else {
    tracker_.flow_dismissed(report.flow.id);
  }
}

void Engine::finish(Events& out) {
  flush(out);
  std::vector<FlowReport> last;
  for (const auto& shard : pool_.shards()) { shard->finish(FrameNumber{counts_.frames}, last); }
  tell_behind_all(last, out);
  tracker_.finish(out);
}

/// Behind everything that was told so far.
void Engine::tell_behind_all(const std::vector<FlowReport>& reports, Events& out) {
  for (const auto& report : reports) { merged_.push_back(&report); }
  tell_merged({}, out);
}

std::map<std::string, std::uint64_t> Engine::drops() const {
  std::map<std::string, std::uint64_t> drops;
  for (std::size_t kind = 1; kind < kUnwrappedNames.size(); ++kind) {
    const auto unwrapped = static_cast<capture::Unwrapped>(kind);
    if (unwrapped == capture::Unwrapped::kIcmpError ||
        unwrapped == capture::Unwrapped::kEchoRoute) {
      continue;
    }
    const auto count = decapsulator_.count(unwrapped);
    if (count > 0) { drops[kUnwrappedNames.at(kind)] = count; }
  }
  std::uint64_t evicted = 0;
  for (const auto& shard : pool_.shards()) { evicted += shard->flows().evicted(); }
  if (evicted > 0) { drops["flow_evicted"] = evicted; }
  return drops;
}

std::uint64_t Engine::flows_opened() const {
  std::uint64_t opened = 0;
  for (const auto& shard : pool_.shards()) { opened += shard->flows().opened(); }
  return opened;
}

std::uint64_t Engine::open_flows() const {
  std::uint64_t open = 0;
  for (const auto& shard : pool_.shards()) { open += shard->flows().size(); }
  return open;
}

}  // namespace remora::pipeline
