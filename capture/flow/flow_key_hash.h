#pragma once

#include <cstddef>

#include "capture/base/flow_key.h"

namespace remora::capture {

/// Hash for flow keys that is the same in every run: output may not depend on chance. Who knows it
/// can make keys collide; FlowIndex bounds what that costs.
struct FlowKeyHash {
  using is_avalanching = void;
  [[nodiscard]] std::size_t operator()(const FlowKey& key) const;
};

}  // namespace remora::capture
