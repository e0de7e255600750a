#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "capture/base/cursor.h"

namespace remora::rdp {

/// CHANNEL_DEF, [MS-RDPBCGR] 2.2.1.3.4.1.
struct ChannelDef {
  std::string name;       ///< up to the first NUL, at most 8 bytes; made valid UTF-8
  std::uint32_t options;  ///< CHANNEL_OPTION_ bits
};

/// TS_UD_CS_NET, 2.2.1.3.4.
///
/// LIMIT: 31 channels, the protocol's own maximum; more are not read.
struct ClientNetwork {
  std::uint32_t channel_count;  ///< as on the wire
  std::vector<ChannelDef> channels;
};

[[nodiscard]] ClientNetwork read_client_network(Cursor& in);

}  // namespace remora::rdp
