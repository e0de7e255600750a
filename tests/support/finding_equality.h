#pragma once

#include <string_view>

#include "dissect/observation/observation.h"

namespace remora {

/// What two readings of the same bytes are compared by.
inline bool operator==(const Finding& a, const Finding& b) {
  return a.at == b.at && a.from == b.from && std::string_view{a.rule} == b.rule && a.what == b.what;
}

}  // namespace remora
