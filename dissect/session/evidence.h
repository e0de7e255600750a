#pragma once

#include <string>

#include "capture/base/frame.h"

namespace remora::session {

/// Why an event is believed: the frame, and the stable name of the rule that read it.
struct Evidence {
  FrameNumber frame{};  ///< 0 when no frame shows it
  std::string rule;
  std::string note;  ///< free text, may be empty
};

}  // namespace remora::session
