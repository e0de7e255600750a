#include "dissect/session/evidence.h"

#include <utility>
#include <variant>

namespace remora::session {

Evidence evidence_of(const Finding& finding, std::string note) {
  const auto* anomaly = std::get_if<observation::Anomaly>(&finding.what);
  const bool elsewhere = anomaly != nullptr && anomaly->shown_by != FrameNumber{};
  return {.frame = elsewhere ? anomaly->shown_by : finding.at.frame,
          .rule = finding.rule,
          .note = std::move(note)};
}

}  // namespace remora::session
