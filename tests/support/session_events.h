#pragma once

#include <utility>
#include <variant>
#include <vector>

#include "dissect/session/event.h"

namespace remora::testing {

/// Moves what happened to sessions behind `to`; tickets are left out.
inline void take_sessions(session::Events& events, std::vector<session::SessionEvent>& to) {
  for (auto& event : events) {
    if (auto* told = std::get_if<session::SessionEvent>(&event)) { to.push_back(std::move(*told)); }
  }
  events.clear();
}

}  // namespace remora::testing
