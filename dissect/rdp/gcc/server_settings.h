#pragma once

#include <cstdint>

#include "dissect/observation/settings.h"
#include "dissect/rdp/gcc/server_blocks.h"

namespace remora::rdp {

/// The server's blocks in the words of the first waist. `mcs_result` is `ConnectResponse::result`.
[[nodiscard]] observation::ServerSettings to_server_settings(const ServerBlocks& blocks,
                                                             std::uint8_t mcs_result);

}  // namespace remora::rdp
