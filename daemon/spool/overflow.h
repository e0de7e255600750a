#pragma once

#include <cstdint>

#include "daemon/event/importance.h"

namespace remora::spool {

/// What happens to events for which there is no room.
enum class Overflow : std::uint8_t {
  kGiveUpLeast,  ///< the least important are given up, first those, and counted: for live capture
  kWait,         ///< nothing is taken until there is room: for replay, which can wait
};

/// Whether events of `importance` are still taken when `used` of `most` bytes are in use. The less
/// important they are, the more room they leave to the others: three, two and one tenths of it.
[[nodiscard]] bool has_room(Importance importance, std::uint64_t used, std::uint64_t most);

}  // namespace remora::spool
