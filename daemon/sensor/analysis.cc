#include "daemon/sensor/analysis.h"

#include <utility>
#include <variant>

#include "dissect/families.h"

namespace remora::sensor {
namespace {

/// As in a replay: enough to share the cost of handing frames over. What is there is looked at as
/// soon as no more is there, so that this delays nothing.
constexpr std::size_t kBatchFrames = 256;

/// The context comes later, so that an old one goes when another takes its place.
pipeline::EngineSettings settings_of(const internal::v1::SensorSettings& settings) {
  pipeline::EngineSettings to{.interim_interval = std::chrono::milliseconds{settings.interim_ms()},
                              .checksums = static_cast<pipeline::Checksums>(settings.checksums()),
                              .threads = settings.threads(),
                              .batch_frames = kBatchFrames};
  to.limits.memory_bytes = settings.memory_bytes();
  return to;
}

}  // namespace

Analysis::Analysis(const internal::v1::SensorSettings& settings, std::string source,
                   const std::shared_ptr<const Context>& context)
    : engine_{all_families(), settings_of(settings)},
      emitter_{{.name = settings.sensor_name(),
                .version = REMORA_VERSION,
                .source = std::move(source)}} {
  change(context, std::chrono::milliseconds{settings.interim_ms()});
}

void Analysis::on_frame(Frame frame) {
  frame.at.frame = FrameNumber{++frames_};
  engine_.on_frame(frame, found_);
}

void Analysis::finish() {
  collect();
  engine_.finish(found_);
  for (auto& event : found_) {
    auto* told = std::get_if<session::SessionEvent>(&event);
    if (told != nullptr && told->session.end_reason == session::EndReason::kCaptureEnd) {
      told->session.end_reason = session::EndReason::kSensorRestart;
    }
  }
}

void Analysis::collect() {
  for (const auto& event : found_) {
    orderer_.add(session::time_of(event), emitter_.to_event(event));
  }
  found_.clear();
}

std::unique_ptr<v1::Event> Analysis::health(const emit::Health& lost, Moment now) {
  auto health = lost;
  health.start = any_frame() ? engine_.counts().first : now;
  health.end = now;
  health.frames = engine_.counts().frames;
  health.wire_bytes = engine_.counts().wire_bytes;
  health.drops = engine_.drops();
  health.flows = engine_.flows_opened();
  health.open_flows = engine_.open_flows();
  health.open_sessions = engine_.tracker().open_sessions();
  return emitter_.to_event(health);
}

void Analysis::count(internal::v1::Counters& to) const {
  for (const auto& [reason, count] : engine_.drops()) { (*to.mutable_drops())[reason] = count; }
  to.set_flows(engine_.flows_opened());
  to.set_open_flows(engine_.open_flows());
  to.set_open_sessions(engine_.tracker().open_sessions());
}

}  // namespace remora::sensor
