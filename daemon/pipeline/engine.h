#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "capture/base/frame.h"
#include "capture/net/decapsulate.h"
#include "daemon/pipeline/batch.h"
#include "daemon/pipeline/capture_clock.h"
#include "daemon/pipeline/flow_worker.h"
#include "daemon/pipeline/worker_pool.h"
#include "dissect/conversation/context.h"
#include "dissect/conversation/family.h"
#include "dissect/session/event.h"
#include "dissect/session/tracker.h"

namespace remora::pipeline {

/// What went through an engine so far.
struct EngineCounts {
  std::uint64_t frames{0};
  std::uint64_t wire_bytes{0};
  Moment first;  ///< capture time of the first frame; meaningful when frames > 0
  Moment last;   ///< the latest capture time believed, see CaptureClock
};

struct EngineSettings {
  capture::FlowLimits limits{};  ///< of all flows together
  Nanoseconds interim_interval{std::chrono::minutes{10}};
  Checksums checksums{Checksums::kAuto};
  /// That work in all, the one that calls among them.
  std::size_t threads{1};
  /// Frames looked at together. Events come up to so many frames late, with worker threads some
  /// times that; 1: at once.
  std::size_t batch_frames{1};
  /// What the operator gave to the dissectors; outlives the engine.
  const Context* context{&nothing_given()};
  /// What further threads do before they look for packets, such as FrameSource::share_reading
  /// gives; null where there is nothing. What it works on outlives the engine.
  std::function<bool()> before_packets{};
};

/// The street from frames to session events: decapsulation, flows, conversations, tracker. The
/// same for files and interfaces.
///
/// Same frames and limits, same events in the same order, whatever the number of threads and the
/// size of batches.
class Engine {
 public:
  Engine(Families families, const EngineSettings& settings);

  /// Events that follow from the frame, or from earlier ones, are appended to `out`. `frame.bytes`
  /// need not outlive the call: what is needed longer is copied, or kept by `frame.memory`.
  void on_frame(const Frame& frame, session::Events& out);
  /// It is `now`, as far as the caller knows; for when no frame tells. What follows from time alone
  /// (expiry, the end of what fell silent) and from all frames so far is appended to `out`.
  void on_time(Moment now, session::Events& out);
  /// Flows that begin from here on are read with this context, those that are open keep what they
  /// had; sessions are told of so often, from the next time on.
  void change(const std::shared_ptr<const Context>& context, Nanoseconds interim_interval,
              session::Events& out);
  /// `learn` adds keys to contexts that this engine was given; nobody reads them meanwhile. What
  /// was held back for want of them is read then.
  void on_keys(const std::function<void()>& learn, session::Events& out);
  /// Events that follow from all frames so far.
  void flush(session::Events& out);
  /// The capture ended.
  void finish(session::Events& out);

  /// Frames that gave no packet to follow, and flows given up, by reason; reasons that did not
  /// occur are left out. Only after `flush` or `finish`, as the next four.
  [[nodiscard]] std::map<std::string, std::uint64_t> drops() const;
  [[nodiscard]] std::uint64_t flows_opened() const;
  [[nodiscard]] std::uint64_t open_flows() const;
  [[nodiscard]] const session::Tracker& tracker() const { return tracker_; }

  [[nodiscard]] const EngineCounts& counts() const { return counts_; }
  [[nodiscard]] const capture::Decapsulator& decapsulator() const { return decapsulator_; }

 private:
  using Events = session::Events;

  void count(const Frame& frame);
  void watch_clock(const Frame& frame);
  [[nodiscard]] bool outlives_call() const;
  [[nodiscard]] bool keep_memory(const Frame& frame);
  void unwrap(const Frame& frame);
  void dispatch(capture::Packet& packet);
  void hand_in(Events& out);
  void conclude_all(Events& out);
  void conclude(std::unique_ptr<Batch> batch, Events& out);
  void tell_behind_all(const std::vector<FlowReport>& reports, Events& out);
  void tell_merged(const std::vector<Instant>& ticks, Events& out);
  void tell(const FlowReport& report, Events& out);

  EngineSettings settings_;
  capture::Decapsulator decapsulator_;
  WorkerPool pool_;
  session::Tracker tracker_;
  std::unique_ptr<Batch> filling_;
  std::vector<std::unique_ptr<Batch>> spare_;
  std::vector<const FlowReport*> merged_;  ///< what is to be told next
  std::size_t frames_in_batch_{0};
  CaptureClock clock_;
  EngineCounts counts_;
};

}  // namespace remora::pipeline
