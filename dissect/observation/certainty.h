#pragma once

#include <cstdint>

namespace remora {

/// How a fact is known.
enum class Certainty : std::uint8_t { kObserved, kDecrypted, kInferred };

}  // namespace remora
