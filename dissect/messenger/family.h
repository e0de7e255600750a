#pragma once

#include "dissect/conversation/family.h"

namespace remora::messenger {

inline constexpr Protocol kMsnp{"msnp"};
inline constexpr Protocol kSip{"sip"};

[[nodiscard]] Family msnp_family();
[[nodiscard]] Family sip_family();

}  // namespace remora::messenger
