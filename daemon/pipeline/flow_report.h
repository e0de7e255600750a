#pragma once

#include <compare>
#include <cstdint>
#include <variant>

#include "capture/base/frame.h"
#include "dissect/observation/flow.h"
#include "dissect/observation/observation.h"

namespace remora::pipeline {

/// The flow has been open for another interim interval.
struct StillOpen {
  Instant at;
};

/// The flow turned out to carry nothing of interest after something was observed on it.
struct Dismissed {};

/// Where in the capture a report belongs. Whoever works on which flow, reports sorted by this (and
/// kept in order where it is equal) are always in the same order.
struct ReportOrder {
  enum class Phase : std::uint8_t {
    kTick,    ///< what followed from time having passed, before the frame is looked at
    kPacket,  ///< what followed from the frame
    kEnd,     ///< what followed from the end of the capture
  };
  FrameNumber frame{};
  Phase phase{Phase::kPacket};
  FrameNumber flow{};  ///< orders what many flows say at one tick
  auto operator<=>(const ReportOrder&) const = default;
};

/// What is to be told of one flow.
struct FlowReport {
  FlowFacts flow;
  std::variant<Finding, StillOpen, FlowClosure, Dismissed> what;
  ReportOrder order;
};

}  // namespace remora::pipeline
