#pragma once

#include <string>

#include "capture/base/frame.h"

namespace remora::observation {

/// Bytes that could not be read as what they claim to be. What was read before them stays.
struct Damage {
  std::string what;  ///< ReadError as text
  bool operator==(const Damage&) const = default;
};

/// Readable, yet a breach of the protocol worth telling.
struct Anomaly {
  std::string code;  ///< stable, dotted: "rdp.downgrade"
  std::string detail;
  FrameNumber shown_by{};  ///< where it is another frame than that of the finding
  bool operator==(const Anomaly&) const = default;
};

}  // namespace remora::observation
