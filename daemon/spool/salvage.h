#pragma once

#include <cstdint>
#include <string>

namespace remora::spool {

class Spool;

/// Takes over the events that can still be read from a damaged spool; how many they are. Which
/// outputs had them is not asked of a damaged file: they are sent again. Stops at the first event
/// that cannot be read.
[[nodiscard]] std::uint64_t salvage(const std::string& damaged, Spool& into);

}  // namespace remora::spool
