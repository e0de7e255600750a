#pragma once

#include <cstdint>
#include <optional>

#include "capture/base/flow_key.h"
#include "capture/base/frame.h"
#include "dissect/conversation/findings.h"
#include "dissect/rdp/share/input.h"

namespace remora::rdp {

/// Counts what the client's user does, and tells it once a second of capture time at most: with the
/// first input of a second, what came since it was told last.
///
/// State: two counts.
class InputActivity {
 public:
  void on_input(InputCount input, Side from, Instant at, Findings& out);
  /// No more input comes: tells the rest, with the last of it.
  void on_end(Findings& out);

 private:
  struct Untold {
    InputCount input;
    Side from{};
    Instant last;
    Certainty certainty{Certainty::kObserved};
  };
  void tell(Findings& out);

  std::optional<Untold> untold_;
  std::optional<std::int64_t> told_second_;
};

}  // namespace remora::rdp
