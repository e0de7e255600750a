#pragma once

#include <string>

#include "capture/base/frame.h"
#include "dissect/observation/observation.h"

namespace remora::session {

/// Why an event is believed: the frame, and the stable name of the rule that read it.
struct Evidence {
  FrameNumber frame{};  ///< 0 when no frame shows it
  std::string rule;
  std::string note;  ///< free text, may be empty
};

/// The finding as a reason; its frame is the one that an anomaly names, where it names one.
[[nodiscard]] Evidence evidence_of(const Finding& finding, std::string note = {});

}  // namespace remora::session
