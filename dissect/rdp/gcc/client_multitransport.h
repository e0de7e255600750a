#pragma once

#include <cstdint>

#include "capture/base/cursor.h"

namespace remora::rdp {

/// TS_UD_CS_MCS_MSGCHANNEL, [MS-RDPBCGR] 2.2.1.3.7.
struct ClientMessageChannel {
  std::uint32_t flags;
};

/// TS_UD_CS_MULTITRANSPORT, 2.2.1.3.8: 01 UDPFECR, 04 UDPFECL, 100 UDP preferred, 200 soft sync.
struct ClientMultitransport {
  std::uint32_t flags;
};

[[nodiscard]] ClientMessageChannel read_client_message_channel(Cursor& in);
[[nodiscard]] ClientMultitransport read_client_multitransport(Cursor& in);

}  // namespace remora::rdp
