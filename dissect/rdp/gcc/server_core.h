#pragma once

#include <cstdint>
#include <optional>

#include "capture/base/cursor.h"

namespace remora::rdp {

/// TS_UD_SC_CORE, [MS-RDPBCGR] 2.2.1.4.2.
struct ServerCore {
  std::uint32_t version{0};
  std::optional<std::uint32_t> client_requested_protocols;
  std::optional<std::uint32_t> early_capability_flags;
};

[[nodiscard]] ServerCore read_server_core(Cursor& in);

}  // namespace remora::rdp
