#pragma once

#include <cstdint>
#include <optional>

#include "capture/base/cursor.h"

namespace remora::rdp {

/// TS_UD_CS_SEC, [MS-RDPBCGR] 2.2.1.3.3.
struct ClientSecurity {
  std::uint32_t encryption_methods{0};
  std::optional<std::uint32_t> ext_encryption_methods;  ///< in use where the first is zero
};

[[nodiscard]] ClientSecurity read_client_security(Cursor& in);

}  // namespace remora::rdp
