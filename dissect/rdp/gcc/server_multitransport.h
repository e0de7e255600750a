#pragma once

#include <cstdint>

#include "capture/base/cursor.h"

namespace remora::rdp {

/// TS_UD_SC_MCS_MSGCHANNEL, [MS-RDPBCGR] 2.2.1.4.5.
struct ServerMessageChannel {
  std::uint16_t mcs_channel_id;  ///< 0: there is none
};

/// TS_UD_SC_MULTITRANSPORT, 2.2.1.4.6. Bits as the client's.
struct ServerMultitransport {
  std::uint32_t flags;
};

[[nodiscard]] ServerMessageChannel read_server_message_channel(Cursor& in);
[[nodiscard]] ServerMultitransport read_server_multitransport(Cursor& in);

}  // namespace remora::rdp
