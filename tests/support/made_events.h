#pragma once

#include <cstdint>
#include <string>

#include "remora/v1/event.pb.h"

namespace remora::testing {

/// 32 hex digits: the number.
[[nodiscard]] std::string made_event_id(std::uint64_t number);

/// An event in which every field of the contract is set; its kind is one after the other by
/// `number`, and `number` alone decides what is in it. For what writes events, not for what makes
/// them: it tells no true story.
[[nodiscard]] v1::Event made_event(std::uint64_t number);

/// How many kinds the contract has.
[[nodiscard]] int made_kinds();

}  // namespace remora::testing
