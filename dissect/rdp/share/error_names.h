#pragma once

#include <cstdint>
#include <string_view>

namespace remora::rdp {

/// Name of an errorInfo code, [MS-RDPBCGR] 2.2.5.1.1, without ERRINFO_: "LOGOFF_BY_USER". Empty for
/// a code that the table does not have. Logarithmic.
[[nodiscard]] std::string_view error_info_name(std::uint32_t code);

/// Name of a Server Status Info code, 2.2.5.2, without TS_STATUS_: "FINDING_DESTINATION".
[[nodiscard]] std::string_view status_name(std::uint32_t code);

}  // namespace remora::rdp
