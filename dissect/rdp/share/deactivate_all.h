#pragma once

#include <cstdint>
#include <optional>

#include "capture/base/cursor.h"

namespace remora::rdp {

/// TS_DEACTIVATE_ALL_PDU, [MS-RDPBCGR] 2.2.3.1.1. Does not end the session: a Demand Active may
/// follow.
struct DeactivateAll {
  std::optional<std::uint32_t> share_id;  ///< older servers leave all of it out
};

/// Reads `ShareControlPdu::body`; may be empty.
[[nodiscard]] DeactivateAll read_deactivate_all(Cursor& in);

}  // namespace remora::rdp
