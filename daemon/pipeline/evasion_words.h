#pragma once

#include "capture/flow/evasion.h"

namespace remora::pipeline {

/// The code of an anomaly, and what it says to a human reader. docs/events.md lists them.
struct EvasionWords {
  const char* code;
  const char* detail;
};

[[nodiscard]] const EvasionWords& words_of(capture::Evasion kind);

}  // namespace remora::pipeline
