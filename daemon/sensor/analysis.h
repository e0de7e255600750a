#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "capture/base/frame.h"
#include "daemon/emit/emitter.h"
#include "daemon/emit/event_orderer.h"
#include "daemon/pipeline/engine.h"
#include "dissect/conversation/context.h"
#include "remora/internal/v1/processes.pb.h"

namespace remora::sensor {

/// From live frames to events, by the same engine as a replay. The events of about a second are
/// put into order together: then they are due.
class Analysis {
 public:
  /// `source`: the names of the interfaces.
  Analysis(const internal::v1::SensorSettings& settings, std::string source,
           const std::shared_ptr<const Context>& context);

  /// Numbers the frame and looks at it, now or together with later ones.
  void on_frame(Frame frame);
  /// Nothing more is there for now: what is held is looked at.
  void flush() { engine_.flush(found_); }
  /// It is `now`; for when no frame tells.
  void on_time(Moment now) { engine_.on_time(now, found_); }
  void change(const std::shared_ptr<const Context>& context, Nanoseconds interim_interval) {
    engine_.change(context, interim_interval, found_);
  }
  /// `learn` adds keys to contexts that this was given.
  void on_keys(const std::function<void()>& learn) { engine_.on_keys(learn, found_); }
  /// The program stops: open sessions are closed with SENSOR_RESTART.
  void finish();

  /// Which events are told: all so far, or only what is too much to be held (8 MiB), the earliest.
  enum class Which : std::uint8_t { kAll, kTooMuch };

  /// Hands events to `take(std::unique_ptr<v1::Event>)`, in order.
  template <typename Take>
  void tell(Which which, Take take) {
    collect();
    while (auto event = orderer_.next(which == Which::kAll)) { take(std::move(event)); }
  }

  /// A sensor_health event of the time since the last one, up to `now`; `lost`: the figures that
  /// the engine does not know.
  [[nodiscard]] std::unique_ptr<v1::Event> health(const emit::Health& lost, Moment now);
  /// Frames, drops, flows and sessions so far. After `flush`.
  void count(internal::v1::Counters& to) const;
  [[nodiscard]] Moment last_frame() const { return engine_.counts().last; }
  [[nodiscard]] bool any_frame() const { return engine_.counts().frames > 0; }

 private:
  void collect();

  pipeline::Engine engine_;
  emit::Emitter emitter_;
  emit::EventOrderer orderer_{std::size_t{8} << 20U};
  session::Events found_;
  std::uint64_t frames_{0};
};

}  // namespace remora::sensor
