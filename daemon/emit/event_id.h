#pragma once

#include <cstdint>
#include <string>

#include "remora/v1/event.pb.h"

namespace remora::emit {

/// The first 128 bits of a SHA-256 over what happened to whom, when, and why it is believed; as hex
/// digits. `ordinal` tells apart what these do not.
[[nodiscard]] std::string event_id(const v1::Event& event, std::uint64_t ordinal);

}  // namespace remora::emit
