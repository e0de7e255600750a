#pragma once

#include <cstdint>

#include "dissect/observation/named_code.h"

namespace remora::drives {

/// With its name, where it is one that drives give; [MS-ERREF] 2.3.1.
[[nodiscard]] observation::NamedCode named_status(std::uint32_t ntstatus);

// Statuses that mean something of their own here.
inline constexpr std::uint32_t kEndOfFile = 0xc0000011;

/// The client, or its disk, did not want it; not merely that there is no such file, or that there
/// is one already, which programs find out by trying.
[[nodiscard]] bool is_refusal(std::uint32_t ntstatus);

}  // namespace remora::drives
