#pragma once

#include <optional>
#include <string_view>

#include "dissect/observation/assistance.h"

namespace remora::assistance {

/// An RCCOMMAND, [MS-RA] 2.2.2, as UTF-8. Absent where the text is none. Keys of voice connections
/// are not kept.
[[nodiscard]] std::optional<observation::AssistanceCommand> to_command(std::string_view text);

}  // namespace remora::assistance
