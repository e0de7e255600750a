#pragma once

#include <cstdint>
#include <string_view>

namespace remora::assistance {

/// Remote Assistance error codes, [MS-RA] 2.2.6: "SAFERROR_HELPEESAIDNO"; empty for a code that the
/// table does not have.
[[nodiscard]] std::string_view result_name(std::uint32_t code);

}  // namespace remora::assistance
