#pragma once

#include <string>
#include <string_view>

#include "remora/v1/event.pb.h"

namespace remora {

/// The name of the event's kind in the contract: "session_opened"; "none" without one.
[[nodiscard]] std::string kind_name(const v1::Event& event);

/// Whether the contract has a kind of this name.
[[nodiscard]] bool is_kind(std::string_view name);

}  // namespace remora
