#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "capture/base/frame.h"
#include "capture/net/decapsulate.h"
#include "daemon/pipeline/flow_worker.h"
#include "dissect/conversation/family.h"
#include "dissect/session/session_event.h"
#include "dissect/session/tracker.h"

namespace remora::pipeline {

/// What went through an engine so far.
struct EngineCounts {
  std::uint64_t frames{0};
  std::uint64_t wire_bytes{0};
  Moment first;  ///< capture time of the first frame; meaningful when frames > 0
  Moment last;   ///< the latest capture time seen
};

/// The street from frames to session events: decapsulation, flows, conversations, tracker. The
/// same for files and interfaces.
class Engine {
 public:
  Engine(Families families, const WorkerSettings& settings) : worker_{families, settings} {}

  /// Events that follow from the frame are appended to `out`.
  void on_frame(const Frame& frame, std::vector<session::SessionEvent>& out);
  /// The capture ended.
  void finish(std::vector<session::SessionEvent>& out);

  /// Frames that gave no packet to follow, and flows given up, by reason; reasons that did not
  /// occur are left out.
  [[nodiscard]] std::map<std::string, std::uint64_t> drops() const;

  [[nodiscard]] const EngineCounts& counts() const { return counts_; }
  [[nodiscard]] const capture::Decapsulator& decapsulator() const { return decapsulator_; }
  [[nodiscard]] const capture::FlowTable& flows() const { return worker_.flows(); }
  [[nodiscard]] const session::Tracker& tracker() const { return tracker_; }

 private:
  void hand_to_tracker(std::vector<session::SessionEvent>& out);

  capture::Decapsulator decapsulator_;
  FlowWorker worker_;
  session::Tracker tracker_;
  capture::Packet packet_;
  std::vector<FlowReport> reports_;
  EngineCounts counts_;
};

}  // namespace remora::pipeline
