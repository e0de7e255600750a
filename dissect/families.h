#pragma once

#include "dissect/conversation/family.h"

namespace remora {

/// Every protocol family there is, in the order in which their recognisers are asked.
[[nodiscard]] Families all_families();

}  // namespace remora
