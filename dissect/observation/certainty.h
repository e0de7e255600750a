#pragma once

#include <cstdint>

namespace remora {

/// How a fact is known, from the surest down.
enum class Certainty : std::uint8_t { kObserved, kDecrypted, kInferred };

}  // namespace remora
