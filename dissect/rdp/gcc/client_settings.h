#pragma once

#include "dissect/observation/settings.h"
#include "dissect/rdp/gcc/client_blocks.h"

namespace remora::rdp {

/// The client's blocks in the words of the first waist.
[[nodiscard]] observation::ClientSettings to_client_settings(const ClientBlocks& blocks);

}  // namespace remora::rdp
