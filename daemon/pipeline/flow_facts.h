#pragma once

#include <optional>

#include "capture/flow/flow_table.h"
#include "daemon/pipeline/flow_report.h"

namespace remora::pipeline {

/// What the tracker is told of a flow; `network` is the overlay that its last packet came in.
[[nodiscard]] FlowFacts facts_of(const FlowKey& key, const capture::Flow& flow,
                                 const std::optional<NetworkId>& network);

/// And of its end.
[[nodiscard]] FlowClosure closure_of(const capture::EndedFlow& ended);

}  // namespace remora::pipeline
